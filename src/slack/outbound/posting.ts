import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { ChannelFault } from '../../approvals/channelPort.ts'
import type { Card } from '../../approvals/records.ts'
import type { Pace } from '../../channels/pace.ts'
import type { TellEach } from '../../channels/tellEach.ts'
import { type Place, placeOf } from '../place.ts'
import { channelFault } from './fault.ts'

/** What the methods of the channel work with. */
export interface Post {
  readonly client: WebClient
  readonly pace: Pace
  /** The workspace, as addresses name it; null for the first. */
  readonly team: string | null
  readonly isShared: (channel: string) => Promise<boolean>
  /** Tells each of many, a few at a time. */
  readonly tellEach: TellEach
}

export type Where = Pick<Card, 'conversation'>

export const postAnswer = z.object({ channel: z.string().min(1), ts: z.string().min(1) })

/** Whatever goes wrong becomes the port's fault, with the fix for this conversation. */
export async function within<T>(where: Where, method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw channelFault(error, { method, conversation: where.conversation })
  }
}

export const noUnfurls = { unfurl_links: false, unfurl_media: false } as const

const ours = {
  shared_channel:
    'is shared with another organisation, which would see the parameters: name an internal channel in the policy',
  not_a_slack_conversation: 'is not a Slack conversation: correct the channel in the policy',
  message_unknown: 'has no known message for this card',
  nobody_hears: 'is a user group without members: add somebody to it, or name another one in the policy',
} as const

export function slackSays(code: keyof typeof ours, { conversation }: Where): ChannelFault {
  return new ChannelFault({ code, message: `${conversation} ${ours[code]}`, unknown: false })
}

/** Where a message stands that has to be known. @throws ChannelFault */
export function placeKnown(at: Parameters<typeof placeOf>[0]): Place {
  const place = placeOf(at)
  if (!place) throw slackSays('message_unknown', at)
  return place
}
