import type { WebClient } from '@slack/web-api'
import { z } from 'zod'

const answer = z.object({ user: z.object({ tz: z.string().optional() }) })

/** The zone that somebody has set in Slack, by its IANA name; null where Slack does not say, or says what is none. */
export async function timeZoneOf(client: WebClient, user: string): Promise<string | null> {
  try {
    const { tz } = answer.parse(await client.users.info({ user })).user
    return tz === undefined
      ? null
      : new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions().timeZone
  } catch {
    return null
  }
}
