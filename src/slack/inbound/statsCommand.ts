import { type ActionStats, type Stats, statsFor } from '../../approvals/stats.ts'
import { cut } from '../../card/text.ts'
import { formatDuration } from '../../core/duration.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { escapeHidden } from '../../core/visible.ts'
import { suggestionLine } from '../../policyTools/suggest/suggestText.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import { accountOf } from '../windows/requestModals.ts'
import type { Reply, Typed } from './typed.ts'

/** So many actions are shown, most asked first. */
const shownActions = 15

/** `/approvals stats`: what people were asked in the last 30 days, and what came of it. */
export async function statsTyped(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await accountOf(slack, user)
  if (whyNotStaff(account)) throw new Refusal('not_staff', 'a command by somebody who is not staff')
  slack.countLook(user)
  const stats = await statsFor(slack.ports, account)
  if (stats === null)
    return {
      text: 'Stats are about everybody’s requests: only those whom the policy names under `auditors` or `stop.who` see them.',
    }
  const { actions, suggestions, since } = stats
  const text =
    actions.length === 0 ? 'Nobody was asked anything.' : `${total(stats)} asked since ${since.slice(0, 10)}`
  return {
    text,
    blocks: [
      section(plain(text)),
      ...(actions.length > 0 ? [preformatted(table(actions))] : []),
      ...(suggestions.length > 0 ? [section(plain('What people decided again and again:'))] : []),
      ...suggestions.map((one) =>
        section(plain(cut(escapeHidden(`${haste(one.decided.isHasty)}${suggestionLine(one)}`), 600))),
      ),
      context(
        mrkdwn(
          suggestions.length > 0
            ? '`countersign policy suggest` has the rules, and proves them. Nothing changes by itself.'
            : 'Where people decide the same again and again, it is said here.',
        ),
      ),
    ],
  }
}

function total({ actions }: Stats): string {
  return String(actions.reduce((sum, { asked }) => sum + asked, 0))
}

/** Before what people hardly had the time to read. */
function haste(isHasty: boolean): string {
  return isHasty ? '(decided in seconds: maybe unread) ' : ''
}

const heads = ['asked', 'approved', 'denied', 'expired', 'median'] as const

/** No wider than it has to be: what does not fit is broken in the middle of a number. */
function table(actions: readonly ActionStats[]): string {
  const shown = actions.slice(0, shownActions)
  const names = shown.map(({ action }) => cut(escapeHidden(action), 30))
  const width = Math.max(...['action', ...names].map((name) => name.length))
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(width), ...heads.map((head, nth) => (cells[nth] ?? '').padStart(head.length))].join(' ')
  const rows = shown.map(({ asked, approved, denied, expired, medianSeconds }, nth) =>
    line(names[nth] ?? '', [
      ...[asked, approved, denied, expired].map(String),
      medianSeconds === null ? '–' : formatDuration(medianSeconds),
    ]),
  )
  const more = actions.length - shown.length
  return [line('action', heads), ...rows, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}
