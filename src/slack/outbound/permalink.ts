import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Place } from '../place.ts'

const answer = z.object({ permalink: z.string().regex(/^https?:\/\/[^\s|<>]+$/) })

/** `<https://…|label>` to a message, or null when Slack does not say: a link is a help, nothing waits for it. */
export async function linkTo(client: WebClient, place: Place, label: string): Promise<string | null> {
  const link = await permalinkOf(client, place)
  return link === null ? null : `<${link}|${label}>`
}

/** The same without what it is called. */
export async function permalinkOf(client: WebClient, place: Place): Promise<string | null> {
  try {
    const asked = await client.chat.getPermalink({ channel: place.channel, message_ts: place.ts })
    return answer.parse(asked).permalink
  } catch {
    return null
  }
}
