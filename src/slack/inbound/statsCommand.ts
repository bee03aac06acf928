import type { KnownBlock } from '@slack/types'
import { type ActionStats, type Stats, statsFor } from '../../approvals/stats.ts'
import { boundText, unknownText } from '../../card/load.ts'
import { cut } from '../../card/text.ts'
import { staffAt } from '../../channels/seeing.ts'
import { formatDuration } from '../../core/duration.ts'
import { escapeHidden } from '../../core/visible.ts'
import { suggestionLine } from '../../policyTools/suggest/suggestText.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import type { Reply, Typed } from './typed.ts'

/** So many actions are shown, most asked first. */
const shownActions = 15

/** `/approvals stats`: what people were asked in the last 30 days, and what came of it. */
export async function statsTyped(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await staffAt(slack.ports, slack.address(user))
  slack.countLook(user)
  const stats = await statsFor(slack.ports, account)
  if (stats === null)
    return {
      text: 'Stats are about everybody’s requests: only those whom the policy names under `auditors` or `stop.who` see them.',
    }
  const { actions, suggestions, since, load } = stats
  const text =
    actions.length === 0 ? 'Nobody was asked anything.' : `${total(stats)} asked since ${since.slice(0, 10)}`
  return {
    text,
    blocks: [
      section(plain(text)),
      ...(actions.length > 0 ? [preformatted(table(actions))] : []),
      ...loadBlocks(stats, load),
      ...(suggestions.length > 0 ? [section(plain('What people decided again and again:'))] : []),
      ...suggestions.flatMap(suggestion),
      context(
        mrkdwn(
          suggestions.length > 0
            ? howToSuggest
            : 'Where people decide the same again and again, it is said here.',
        ),
      ),
    ],
  }
}

const howToSuggest =
  '`countersign policy suggest --out candidate` proves such rules and writes the bundle with them; `countersign policy simulate --head candidate` compares it with the record. Nothing changes by itself.'

/** Characters; five of them fit into one message with the tables. */
const longestRule = 1_500

/** What was always granted with the rule by which it would flow. */
function suggestion(one: Stats['suggestions'][number]): KnownBlock[] {
  const says = section(plain(cut(escapeHidden(`${haste(one.decided.isHasty)}${suggestionLine(one)}`), 600)))
  const { id, yaml } = one.rule
  if (one.verdict !== 'allow') return [says]
  const rule = escapeHidden(yaml.trimEnd())
  // Part of a rule could let more through than all of it.
  if (rule.length > longestRule)
    return [says, context(plain(`It would flow by the rule ${id}, which is too long to be shown here.`))]
  return [says, context(plain(`It would flow by the rule ${id}:`)), preformatted(rule)]
}

function loadBlocks(stats: Stats, { people, unknown }: Stats['load']): KnownBlock[] {
  if (people.length + unknown.length === 0) return []
  return [
    section(plain('Who is asked:')),
    preformatted(loadTable(people)),
    context(
      plain(boundText(stats.mentionsPerDay)),
      ...(unknown.length > 0 ? [plain(cut(unknownText(unknown), 500))] : []),
    ),
  ]
}

function loadTable(people: Stats['load']['people']): string {
  const rows = people.map(({ account, name, asked, decided, medianSeconds, mentioned }) => ({
    name: name ?? account,
    cells: [asked, decided, duration(medianSeconds), mentioned],
  }))
  return stacked('person', ['asked', 'decided', 'median', 'mentioned today'], rows)
}

function duration(seconds: number | null): string {
  return seconds === null ? '–' : formatDuration(seconds)
}

interface Row {
  readonly name: string
  readonly cells: readonly (string | number)[]
}

/** A table in which each name has a line of its own: a phone shows 38 characters beside each other, and would break others anywhere. */
function stacked(title: string, columns: readonly string[], rows: readonly Row[]): string {
  const cells = (row: Row['cells']) =>
    row.map((cell, nth) => String(cell).padStart(columns[nth]?.length ?? 0)).join(' ')
  const lines = rows.flatMap(({ name, cells: own }) => [cut(escapeHidden(name), 38), `  ${cells(own)}`])
  return [title, `  ${columns.join(' ')}`, ...lines].join('\n')
}

function total({ actions }: Stats): string {
  return String(actions.reduce((sum, { asked }) => sum + asked, 0))
}

/** Before what people hardly had the time to read. */
function haste(isHasty: boolean): string {
  return isHasty ? '(decided in seconds: maybe unread) ' : ''
}

function table(actions: readonly ActionStats[]): string {
  const shown = actions.slice(0, shownActions)
  const rows = shown.map(({ action, asked, approved, denied, expired, medianSeconds }) => ({
    name: action,
    cells: [asked, approved, denied, expired, duration(medianSeconds)],
  }))
  const more = actions.length - shown.length
  const all = stacked('action', ['asked', 'approved', 'denied', 'expired', 'median'], rows)
  return more > 0 ? `${all}\nand ${more} more` : all
}
