import type { ModalView } from '@slack/types'
import {
  type IssuedToken,
  issueToken,
  revokeOwnToken,
  tokenDays,
  tokensOf,
} from '../../approvals/people/personalTokens.ts'
import { tokenLine } from '../../card/personalToken.ts'
import { notingRefusal } from '../../channels/noteRefusal.ts'
import { staffAt } from '../../channels/seeing.ts'
import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import { openModal } from '../windows/openWindow.ts'
import { tokenModal } from '../windows/tokenModal.ts'
import type { Reply, Typed } from './typed.ts'

const usage = `Type \`/approvals token\` for one that works ${tokenDays.usual} days, \`${inline('/approvals token for <days>', 100)}\` for 1 to ${tokenDays.most} days, or \`${inline('/approvals token revoke <id>', 100)}\`.`

/** `/approvals token …`: makes one, or ends one. */
export async function tokenTyped(slack: SlackContext, typed: Typed): Promise<Reply | null> {
  const account = await staffAt(slack.ports, slack.address(typed.user))
  const [word = '', what = '', ...more] = typed.rest.trim().split(/\s+/)
  if (word === 'revoke' && what !== '' && more.length === 0) return revoked(slack, account, what)
  const days = daysIn(word, what, more)
  return days === null ? { text: usage } : inWindow(slack, typed, { account, days })
}

/** `/approvals tokens`: those of whoever asks that live. */
export async function tokensTyped(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await staffAt(slack.ports, slack.address(user))
  slack.countLook(user)
  const tokens = await tokensOf(slack.ports, account)
  const text =
    tokens.length === 0
      ? 'You have no personal tokens.'
      : `You have ${tokens.length} personal ${tokens.length === 1 ? 'token' : 'tokens'}.`
  return {
    text,
    blocks: [
      section(plain(text)),
      ...blocksOf(
        new Map(),
        tokens.map((token) => ({ line: tokenLine(token) })),
      ),
      context(mrkdwn(usage)),
    ],
  }
}

/** Null when it is nothing that we understand. */
function daysIn(word: string, what: string, more: readonly string[]): number | null {
  if (word === '') return tokenDays.usual
  const [unit = 'days', ...rest] = more
  if (word !== 'for' || !/^\d{1,2}$/.test(what) || !/^days?$/.test(unit) || rest.length > 0) return null
  const days = Number(what)
  return days >= 1 && days <= tokenDays.most ? days : null
}

/** It is shown in a window, which nobody can read again. Where none opens, nobody has seen it: it ends at once. */
async function inWindow(
  slack: SlackContext,
  { user, trigger }: Typed,
  { account, days }: { readonly account: Account; readonly days: number },
): Promise<Reply | null> {
  const made: IssuedToken[] = []
  const make = async (): Promise<ModalView> => {
    const issued = await issueToken(slack.ports, { account, via: 'slack', days })
    made.push(issued)
    return tokenModal(issued)
  }
  if (
    await openModal(slack, trigger, () =>
      notingRefusal(slack, { account: slack.address(user), request: null }, make),
    )
  )
    return null
  for (const { token } of made) await revokeOwnToken(slack.ports, { account, via: 'slack', token: token.id })
  return { text: 'Slack did not open the window, so there is no new token. Please try again.' }
}

async function revoked(slack: SlackContext, account: Account, id: string): Promise<Reply> {
  if (!/^ptk_[0-9a-z]{1,60}$/.test(id)) return { text: usage }
  try {
    const token = await revokeOwnToken(slack.ports, { account, via: 'slack', token: id })
    return { text: `\`${token.id}\` is revoked: nothing can be decided with it any more.` }
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'not_applicable') throw refusal
    return { text: 'You have no token of that id that works. `/approvals tokens` lists yours.' }
  }
}
