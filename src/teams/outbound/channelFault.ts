import { ChannelFault } from '../../approvals/channelPort.ts'
import { DirectoryFault } from '../../approvals/ports.ts'
import { ConnectorFault } from './fault.ts'

/** What the operator does about it, where there is something to do. `where` is the address of a conversation or a person. */
const fixes: Readonly<Record<string, (where: string) => string>> = {
  BotNotInConversationRoster: (where) =>
    `add the app to the team of ${where}, or, of a person, have it installed for them by a setup policy`,
  ForbiddenOperationException: (where) =>
    `the app may not write in ${where}: install it there, or for that person by a setup policy`,
  MessageWritesBlocked: (where) => `whoever ${where} is has blocked the app, or uninstalled it`,
  ConversationNotFound: (where) =>
    `there is no conversation ${where}, or the app is not in its team: add it, or correct the channel in the policy`,
  ActivityNotFoundInConversation: (where) =>
    `the card in ${where} was deleted by somebody; while the request waits, another card takes its place`,
  MessageSizeTooBig: (where) => `Teams takes no message of this size in ${where}`,
  rate_limited: () => 'Teams asked us to wait; the call is tried again',
  unreachable: () => 'Teams did not answer; check the network and TEAMS_SERVICE_URL',
  timeout: () => 'Teams did not answer in time; check the network',
}

/** The message was deleted, or can never be changed again: another card has to take its place. */
const goneMessage = new Set(['ActivityNotFoundInConversation', 'MessageNotFound', 'http_410'])

interface About {
  readonly method: string
  readonly conversation: string
}

/** The fault for the `Channel` port, with a sentence for the log that never holds text from a message. */
function channelFault(error: unknown, { method, conversation }: About): ChannelFault {
  if (error instanceof ChannelFault) return error
  const { code, unknown, retryAfterSeconds } = known(error)
  const fix = fixes[code]?.(conversation)
  const gone = method === 'update' && goneMessage.has(code)
  const message = `${method}: ${code}${fix ? `; ${fix}` : ''}`
  return new ChannelFault({ code, message, unknown, gone, retryAfterSeconds })
}

function known(error: unknown): Pick<ConnectorFault, 'code' | 'unknown' | 'retryAfterSeconds'> {
  if (error instanceof ConnectorFault) return error
  // Nothing was sent: it was not known to whom.
  if (error instanceof DirectoryFault)
    return { code: 'directory_unavailable', unknown: false, retryAfterSeconds: null }
  return { code: 'unexpected', unknown: true, retryAfterSeconds: null }
}

/** Whatever goes wrong becomes the port's fault, with the fix for this conversation. */
export async function within<T>(about: About, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw channelFault(error, about)
  }
}

const ours = {
  not_a_teams_conversation: 'is not a conversation of Teams: correct the channel in the policy',
  other_tenant: 'is an account of another tenant than TEAMS_TENANT_ID',
  message_unknown: 'has no known message for this card',
  nobody_hears: 'is nobody, and no group with members: add somebody to it, or name another one in the policy',
} as const

export function teamsSays(code: keyof typeof ours, conversation: string): ChannelFault {
  return new ChannelFault({ code, message: `${conversation} ${ours[code]}`, unknown: false })
}
