import { z } from 'zod'
import type { SlackIdentity } from '../identity.ts'

const envelope = z.object({ api_app_id: z.string() })

/**
 * True when a payload is about our app, which a correct signature alone does not say (threats: foreign-payload).
 *
 * Its team and organisation are not looked at. In an Enterprise organisation they are a sister workspace's, or missing,
 * for people who may decide; and in a shared channel a stranger's payload can name anything (threats: grid). Who may do
 * something is found out from the account's own home, which Slack is asked for (`user.ts`), and where, from the card
 * that we recorded (`standingCard.ts`).
 */
export function isOurPayload(body: unknown, identity: Pick<SlackIdentity, 'appId'>): boolean {
  const read = envelope.safeParse(body)
  return read.success && read.data.api_app_id === identity.appId
}
