import { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { NextTokens } from '../../approvals/channelTokens.ts'
import { callTimeout, clientOptions } from './clients.ts'
import { slackFault } from './fault.ts'

/** Who the app is when it asks for its next tokens: "App Credentials" of its settings. */
export interface AppCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

const answer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
})

/** Slack gave no next tokens. Holds its word, and no secret. */
export class ExchangeFault extends Error {
  override readonly name = 'ExchangeFault'
  readonly code: string

  constructor(code: string) {
    super(`oauth.v2.access: ${code}`)
    this.code = code
  }
}

/**
 * Gets the next tokens for a refresh token (docs.slack.dev: using token rotation). That works once: whoever does not hear the answer cannot
 * know whether it has been used.
 */
export function tokenExchange(
  credentials: AppCredentials,
  { apiUrl, log }: { readonly apiUrl: string | null; readonly log: Logger },
): (refresh: string) => Promise<NextTokens> {
  const client = new WebClient(undefined, clientOptions({ apiUrl }, { log, timeout: callTimeout.posts }))
  return async (refresh) => {
    const { clientId: client_id, clientSecret: client_secret } = credentials
    const asked = { client_id, client_secret, grant_type: 'refresh_token', refresh_token: refresh } as const
    let said: unknown
    try {
      said = await client.oauth.v2.access(asked)
    } catch (error) {
      throw new ExchangeFault(slackFault(error).code)
    }
    const read = answer.safeParse(said)
    if (!read.success) throw new ExchangeFault('odd_answer')
    const { access_token: access, refresh_token, expires_in: lifeSeconds } = read.data
    return { access, refresh: refresh_token, lifeSeconds }
  }
}

/** What the operator does about a word of Slack's for "no next tokens"; null: it is tried again, and may pass. */
export function exchangeFix(code: string): string | null {
  if (code === 'invalid_refresh_token' || code === 'invalid_grant')
    return 'install the app again and put the new pair in: countersign slack tokens set'
  if (code === 'invalid_client_id' || code === 'bad_client_secret')
    return 'correct SLACK_CLIENT_ID and SLACK_CLIENT_SECRET ("Basic Information" of your Slack app), and restart'
  return null
}
