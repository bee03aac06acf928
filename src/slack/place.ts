import type { Card } from '../approvals/records.ts'
import type { PressedAt } from '../channels/standingCard.ts'
import { addressIn } from './address.ts'

/** Where a message stands, as Slack names it. */
export interface Place {
  readonly channel: string
  readonly ts: string
}

/** The Slack user in an account key such as `slack:T024BE7LD:U012AB3CD`, whose direct conversation it stands for; or null. */
export function directTo(conversation: string): string | null {
  return /^slack:[A-Z0-9]{2,31}:([UW][A-Z0-9]{1,30})$/.exec(conversation)?.[1] ?? null
}

/**
 * The message's id as a card keeps it. Slack opens a direct conversation with the first message and only then says which
 * one it is, so there the message names it as well.
 */
export function messageName(conversation: string, { channel, ts }: Place): string {
  return directTo(conversation) === null ? ts : `${channel}/${ts}`
}

/** Where a posted card stands; null when its message is not known. */
export function placeOf({ conversation, message }: Pick<Card, 'conversation' | 'message'>): Place | null {
  if (message === null) return null
  if (directTo(conversation) === null) return { channel: channelIn(conversation), ts: message }
  const [channel = '', ts = ''] = message.split('/')
  return { channel, ts }
}

/** Without the workspace that it is in. */
export function channelIn(conversation: string): string {
  return conversation.replace(/^slack:(?:[A-Z0-9]+\/)?/, '')
}

/**
 * Whether a click at this place can be one on a card of that conversation, before its message is on record. A direct
 * conversation is only known by its message; who clicked says nothing, because in an organisation Slack names one person
 * by several ids (threats: grid). `team` is the workspace that the click came from; null for the first.
 */
function fits(conversation: string, place: Place, team: string | null): boolean {
  return directTo(conversation) === null
    ? conversation === addressIn(team, place.channel)
    : /^D/.test(place.channel)
}

/** The same for a press there, as channels compare it with what is on record. */
export function pressedAt(at: Place, team: string | null): PressedAt {
  return {
    at: { conversation: addressIn(team, at.channel), message: at.ts },
    in: (conversation) =>
      fits(conversation, at, team) ? { conversation, message: messageName(conversation, at) } : null,
    holds: (card) => {
      const place = placeOf(card)
      return place?.channel === at.channel && place.ts === at.ts
    },
  }
}
