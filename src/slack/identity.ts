import type { WebClient } from '@slack/web-api'
import { z } from 'zod'

/** Who we are in Slack. Every payload must be about this app (threats: foreign-payload). */
export interface SlackIdentity {
  readonly appId: string
  /** The workspace that the app is in; of an organisation-wide install, the one that the operator names. */
  readonly teamId: string
  /** The Enterprise organisation that the workspace belongs to, or null. */
  readonly enterpriseId: string | null
  readonly botId: string
  readonly botUserId: string
  /** Present for an install in the whole organisation. */
  readonly organisationWide?: true
}

const authAnswer = z.object({
  team_id: z.string().min(1),
  user_id: z.string().min(1),
  /** Only the token of a bot has one. */
  bot_id: z.string().min(1).optional(),
  enterprise_id: z.string().nullish(),
  is_enterprise_install: z.boolean().nullish(),
})

const botAnswer = z.object({ bot: z.object({ app_id: z.string().min(1) }) })

/** The token works and is not one that this version can work with: waiting does not change that. */
export class WrongToken extends Error {
  override readonly name = 'WrongToken'
}

/**
 * Asks Slack who the token belongs to.
 *
 * @param team what the operator names (SLACK_TEAM_ID): which workspace of the organisation the user groups of the policy are in
 * @throws WrongToken when it is not one of a bot, or does not fit `team`; the client's error when Slack does not answer or
 *   refuses the token
 */
export async function whoAmI(client: WebClient, team: string | null = null): Promise<SlackIdentity> {
  const auth = authAnswer.parse(await client.auth.test())
  if (!auth.bot_id)
    throw new WrongToken("the token is not a bot's token; copy the one that begins with xoxb-")
  const teamId = teamOf(auth, team)
  const { bot } = botAnswer.parse(await client.bots.info({ bot: auth.bot_id }))
  return {
    appId: bot.app_id,
    teamId,
    enterpriseId: auth.enterprise_id || null,
    botId: auth.bot_id,
    botUserId: auth.user_id,
    ...(auth.is_enterprise_install && { organisationWide: true }),
  }
}

function teamOf(auth: z.infer<typeof authAnswer>, team: string | null): string {
  if (!auth.is_enterprise_install) {
    if (team === null || team === auth.team_id) return auth.team_id
    throw new WrongToken(
      `SLACK_TEAM_ID is ${team}, and the token belongs to an install in ${auth.team_id}; leave SLACK_TEAM_ID out`,
    )
  }
  if (!auth.enterprise_id) throw new WrongToken('Slack does not say which organisation the token belongs to')
  if (team !== null) return team
  throw new WrongToken(
    'the token belongs to an organisation-wide install; set SLACK_TEAM_ID to the workspace whose user groups the policy names, or install the app in one workspace instead',
  )
}
