import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { Refusal } from '../core/refusal.ts'
import type { Hearing } from './hearing.ts'

/** Who tried what, by the address that the payload gives them, and on which request, where that is known. */
export interface Tried {
  readonly account: string
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
  { log }: Pick<Hearing, 'log'>,
  what: keyof typeof messages,
  tried: Tried & { readonly error: unknown },
): void {
  const { account, request: requestId, error } = tried
  const who = { account, requestId }
  if (error instanceof Refusal)
    log.info({ code: error.code, detail: error.message, ...who }, messages[what].refused)
  else if (error instanceof StoreUnavailable)
    log.info({ reason: error.reason, ...who }, messages[what].putOff)
  else log.error({ err: error, ...who }, messages[what].failed)
}

/** The same work, whose refusal the log hears of before its caller does. */
export async function notingRefusal<T>(
  hearing: Pick<Hearing, 'log'>,
  tried: Tried,
  work: () => Promise<T>,
  what: keyof typeof messages = 'click',
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    noteRefusal(hearing, what, { ...tried, error })
    throw error
  }
}
