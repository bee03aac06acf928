import type { WebClient } from '@slack/web-api'
import { z } from 'zod'

/** Who we are in Slack. Every payload must be about this app (threats: foreign-payload). */
export interface SlackIdentity {
  readonly appId: string
  readonly teamId: string
  /** The Enterprise organisation that the workspace belongs to, or null. */
  readonly enterpriseId: string | null
  readonly botId: string
  readonly botUserId: string
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
 * @throws WrongToken when it is not one of a bot in a single workspace; the client's error when Slack does not answer or
 *   refuses the token
 */
export async function whoAmI(client: WebClient): Promise<SlackIdentity> {
  const auth = authAnswer.parse(await client.auth.test())
  if (auth.is_enterprise_install)
    throw new WrongToken(
      'SLACK_BOT_TOKEN belongs to an organisation-wide install; install the app in one workspace instead',
    )
  if (!auth.bot_id)
    throw new WrongToken("SLACK_BOT_TOKEN is not a bot's token; copy the one that begins with xoxb-")
  const { bot } = botAnswer.parse(await client.bots.info({ bot: auth.bot_id }))
  return {
    appId: bot.app_id,
    teamId: auth.team_id,
    enterpriseId: auth.enterprise_id || null,
    botId: auth.bot_id,
    botUserId: auth.user_id,
  }
}
