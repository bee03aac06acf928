import type { Limits } from '../../channels/pace.ts'
import { conversationIn, objectIn } from '../address.ts'
import { ConnectorFault } from './fault.ts'

/**
 * Teams takes 7 calls a second into one conversation, 60 in half a minute and 1,800 an hour, whatever they do there; and 50 a second of one app
 * (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit).
 */
export const teamsLimits: Limits = {
  perConversation: 0.5,
  perMethod: () => 10,
  burst: 6,
  counts: () => true,
  restAsked: (error) => {
    if (!(error instanceof ConnectorFault) || error.code !== 'rate_limited') return null
    return error.retryAfterSeconds ?? 1
  },
  // The chat with one person is one, whether they are named by their address or by the key of their account.
  placeOf: (conversation) => objectIn(conversation) ?? conversationIn(conversation) ?? conversation,
}
