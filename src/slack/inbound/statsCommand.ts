import type { KnownBlock } from '@slack/types'
import { type ActionStats, type Stats, statsFor } from '../../approvals/stats.ts'
import { cut } from '../../card/text.ts'
import { formatDuration } from '../../core/duration.ts'
import { escapeHidden } from '../../core/visible.ts'
import { suggestionLine } from '../../policyTools/suggest/suggestText.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import { staffOf } from '../windows/requestModals.ts'
import type { Reply, Typed } from './typed.ts'

/** So many actions are shown, most asked first. */
const shownActions = 15

/** `/approvals stats`: what people were asked in the last 30 days, and what came of it. */
export async function statsTyped(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await staffOf(slack, user)
  slack.countLook(user)
  const stats = await statsFor(slack.ports, account)
  if (stats === null)
    return {
      text: 'Stats are about everybody’s requests: only those whom the policy names under `auditors` or `stop.who` see them.',
    }
  const { actions, suggestions, since, people } = stats
  const text =
    actions.length === 0 ? 'Nobody was asked anything.' : `${total(stats)} asked since ${since.slice(0, 10)}`
  return {
    text,
    blocks: [
      section(plain(text)),
      ...(actions.length > 0 ? [preformatted(table(actions))] : []),
      ...(people.length > 0
        ? [section(plain('Who is asked, and by how much today:')), preformatted(loadTable(people))]
        : []),
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

/** What was always granted with the rule by which it would flow. */
function suggestion(one: Stats['suggestions'][number]): KnownBlock[] {
  const says = section(plain(cut(escapeHidden(`${haste(one.decided.isHasty)}${suggestionLine(one)}`), 600)))
  const { id, yaml } = one.rule
  if (one.verdict !== 'allow') return [says]
  return [
    says,
    context(plain(`It would flow by the rule ${id}:`)),
    preformatted(cut(escapeHidden(yaml.trimEnd()), 1_000)),
  ]
}

function loadTable(people: Stats['people']): string {
  const rows = people.map(({ account, name, asked, decided, medianSeconds, mentioned }) =>
    [
      cut(escapeHidden(name ?? account), 30).padEnd(30),
      ...[asked, decided].map((count) => String(count).padStart(8)),
      (medianSeconds === null ? '–' : formatDuration(medianSeconds)).padStart(8),
      String(mentioned).padStart(15),
    ].join(' '),
  )
  const head = ['person'.padEnd(30), '   asked', ' decided', '  median', 'mentioned today'].join(' ')
  return [head, ...rows].join('\n')
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
  const rows = shown.map(({ action, asked, approved, denied, expired, medianSeconds }) =>
    [
      cut(escapeHidden(action), 30).padEnd(30),
      ...[asked, approved, denied, expired].map((count) => String(count).padStart(8)),
      (medianSeconds === null ? '–' : formatDuration(medianSeconds)).padStart(8),
    ].join(' '),
  )
  const head = ['action'.padEnd(30), '   asked', 'approved', '  denied', ' expired', '  median'].join(' ')
  const more = actions.length - shown.length
  return [head, ...rows, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}
