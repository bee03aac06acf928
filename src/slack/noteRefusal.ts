import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { Refusal } from '../core/refusal.ts'
import type { SlackContext } from './context.ts'

/** Who tried what, as Slack's payload names them, and on which request, where that is known. */
interface Tried {
  readonly user: string
  readonly request: string | null
}

const messages = {
  click: { refused: 'a click was refused', putOff: 'a click was put off', failed: 'a click failed' },
  command: { refused: 'a command was refused', putOff: 'a command was put off', failed: 'a command failed' },
  shortcut: {
    refused: 'a shortcut was refused',
    putOff: 'a shortcut was put off',
    failed: 'a shortcut failed',
  },
  mention: { refused: 'a mention was refused', putOff: 'a mention was put off', failed: 'a mention failed' },
  home: { refused: 'a Home was refused', putOff: 'a Home was put off', failed: 'a Home could not be made' },
} as const

/**
 * Tells the log why somebody did not get what they tried, and who it was: many are refused before a verb could record
 * it. Of a database in trouble the store has said once, loudly, what it is. Anything else is a bug.
 */
export function noteRefusal(
  slack: Pick<SlackContext, 'log' | 'address'>,
  what: keyof typeof messages,
  tried: Tried & { readonly error: unknown },
): void {
  const { user, request: requestId, error } = tried
  const who = { account: slack.address(user), requestId }
  if (error instanceof Refusal)
    slack.log.info({ code: error.code, detail: error.message, ...who }, messages[what].refused)
  else if (error instanceof StoreUnavailable)
    slack.log.info({ reason: error.reason, ...who }, messages[what].putOff)
  else slack.log.error({ err: error, ...who }, messages[what].failed)
}

/** The same work, whose refusal the log hears of before its caller does. */
export async function notingRefusal<T>(
  slack: Pick<SlackContext, 'log' | 'address'>,
  tried: Tried,
  work: () => Promise<T>,
  what: keyof typeof messages = 'click',
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    noteRefusal(slack, what, { ...tried, error })
    throw error
  }
}
