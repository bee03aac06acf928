/** Which tokens the Web API takes. Without rotation: the one that it was given, for ever. */
import { SlackError } from './slackError.ts'

export interface Rotation {
  readonly clientId: string
  readonly clientSecret: string
  /** The refresh token that comes with the first access token. */
  readonly refreshToken: string
  /** Slack's are 43,200. */
  readonly lifeSeconds: number
}

/** As Slack answers. */
interface NextPair {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

export interface Tokens {
  /** Throws `invalid_auth`, `token_expired` or `token_revoked` unless the bot's token may be used now. */
  check(token: string): void
  /** Gives the next pair; what got it is worth nothing then. Throws as Slack does. */
  exchange(asked: {
    readonly clientId: string
    readonly clientSecret: string
    readonly refreshToken: string
  }): NextPair
  /** The app is installed again: another first pair. */
  install(): NextPair
  /** Somebody has uninstalled the app, or taken its refresh token back: the access tokens live on. */
  revokeRefresh(): void
}

/** Slack lets two access tokens of one installation live at the same time. */
const alive = 2

/** `now` in epoch milliseconds. */
export function createTokens(botToken: string, rotation: Rotation | null, now: () => number): Tokens {
  const lifeMs = rotation ? rotation.lifeSeconds * 1_000 : Number.POSITIVE_INFINITY
  /** By token, when it expires; those that are revoked stay with null. */
  const known = new Map<string, number | null>([[botToken, now() + lifeMs]])
  let refresh = rotation?.refreshToken ?? null
  let nth = 0
  const next = (): NextPair => {
    nth += 1
    refresh = `xoxe-1-next-${nth}`
    const living = [...known].filter(([, until]) => until !== null && until > now())
    for (const [token] of living.slice(0, Math.max(0, living.length - alive + 1))) known.set(token, null)
    const access = `xoxe.xoxb-1-next-${nth}`
    known.set(access, now() + lifeMs)
    return { access_token: access, refresh_token: refresh, expires_in: lifeMs / 1_000 }
  }
  return {
    install: next,
    check(token) {
      const until = known.get(token)
      if (until === undefined) throw new SlackError('invalid_auth')
      if (until === null) throw new SlackError('token_revoked')
      if (now() >= until) throw new SlackError('token_expired')
    },
    exchange({ clientId, clientSecret, refreshToken }) {
      if (!rotation || clientId !== rotation.clientId) throw new SlackError('invalid_client_id')
      if (clientSecret !== rotation.clientSecret) throw new SlackError('bad_client_secret')
      if (refresh === null || refreshToken !== refresh) throw new SlackError('invalid_refresh_token')
      return next()
    },
    revokeRefresh() {
      refresh = null
    },
  }
}
