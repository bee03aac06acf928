import { z } from 'zod'
import type { SlackIdentity } from './identity.ts'

const team = z.object({ id: z.string(), enterprise_id: z.string().nullish() }).nullish()

/** Every shape that Slack sends: interactions have `team`, commands and events `team_id`. */
const envelope = z.object({
  api_app_id: z.string().optional(),
  team,
  team_id: z.string().nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
  enterprise_id: z.string().nullish(),
})

/**
 * True when a payload is about our app in our workspace. A correct signature does not say so: Bolt with a fixed token
 * runs what another workspace sends (facts 3.2; threats: foreign-payload).
 */
export function isOurPayload(body: unknown, identity: SlackIdentity): boolean {
  const read = envelope.safeParse(body)
  if (!read.success) return false
  const { api_app_id, team, team_id, enterprise, enterprise_id } = read.data
  if (api_app_id !== identity.appId) return false
  const organisation = enterprise?.id ?? enterprise_id ?? team?.enterprise_id ?? null
  if (organisation !== null && organisation !== identity.enterpriseId) return false
  return (team?.id ?? team_id) === identity.teamId
}
