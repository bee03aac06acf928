import { z } from 'zod'
import type { Account } from '../../core/identity.ts'
import { keyIn } from '../address.ts'
import type { SlackIdentity } from '../identity.ts'

/** Without any of these fields we do not know who somebody is, so they are nobody (fail closed). */
export const userAnswer = z.object({
  user: z.object({
    id: z.string().min(1),
    team_id: z.string().min(1),
    deleted: z.boolean(),
    // Slack leaves out what a deactivated account no longer has.
    is_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_invited_user: z.boolean().optional(),
    is_email_confirmed: z.boolean().optional(),
    name: z.string().optional(),
    real_name: z.string().optional(),
    enterprise_user: z.object({ id: z.string().min(1), enterprise_id: z.string().min(1) }).optional(),
    profile: z
      .object({
        email: z.string().optional(),
        display_name: z.string().optional(),
        real_name: z.string().optional(),
      })
      .optional(),
  }),
})

export type SlackUser = z.infer<typeof userAnswer>['user']

/** The organisation's account, when it is ours. */
function ourOrganisation(user: SlackUser, identity: SlackIdentity): SlackUser['enterprise_user'] {
  const organisation = user.enterprise_user
  return organisation?.enterprise_id === identity.enterpriseId ? organisation : undefined
}

/**
 * Whose home is ours is said by Slack's description of the user alone: the same workspace, or the same organisation. What
 * a payload says of teams is not believed (threats: grid, foreign-payload).
 */
export function accountFrom(user: SlackUser, identity: SlackIdentity): Account {
  const organisation = ourOrganisation(user, identity)
  const inWorkspace = keyIn(user.team_id, user.id)
  return {
    key: organisation ? keyIn(organisation.enterprise_id, organisation.id) : inWorkspace,
    // Whoever was known before the workspace joined the organisation is the same person after it.
    ...(organisation && { formerKeys: [inWorkspace] }),
    name: user.profile?.display_name || user.profile?.real_name || user.real_name || user.name || user.id,
    // An address that Slack does not say was confirmed names nobody.
    email: user.is_email_confirmed === true ? (user.profile?.email ?? null) : null,
    // Slackbot says of itself that it is not a bot.
    human: user.is_bot === false && user.id !== 'USLACKBOT',
    active: !user.deleted && user.is_invited_user !== true,
    // A missing flag on an active account is not a "no".
    guest: !user.deleted && (user.is_restricted !== false || user.is_ultra_restricted !== false),
    // `is_stranger` only says that we share no channel; the home is the test.
    external: user.team_id !== identity.teamId && !organisation,
  }
}

/** Every id under which Slack names this user to us: in an organisation they may have one of their workspace's too. */
export function idsOf(user: SlackUser, identity: SlackIdentity): readonly string[] {
  const organisation = ourOrganisation(user, identity)
  return organisation ? [user.id, organisation.id] : [user.id]
}
