import type { Limits } from '../../channels/pace.ts'
import { channelIn, directTo } from '../place.ts'
import { slackFault } from './fault.ts'

/** What is posted: the only method that one conversation has a pace for. A change of what stands there counts for none. */
const posting = 'chat.postMessage'

/** Slack takes about one message a second and conversation, and short bursts. How many calls of a method a workspace takes it does not say. */
export const slackLimits: Limits = {
  perConversation: 1,
  perMethod: (method) => (method === posting ? 4 : 0.8),
  burst: 4,
  counts: (method) => method === posting,
  restAsked: (error) => {
    const { code, retryAfterSeconds } = slackFault(error)
    return code === 'rate_limited' ? (retryAfterSeconds ?? 1) : null
  },
  // Somebody's direct conversation is one, whether it is named by their account or by their id.
  placeOf: (conversation) => directTo(conversation) ?? channelIn(conversation),
}
