import type { Logger } from 'pino'
import { typeid } from 'typeid-js'
import type { Health } from '../approvals/ports.ts'
import type { Reach } from '../channels/reach.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createClients, type SlackAccess, type SlackClients } from '../slack/outbound/clients.ts'
import { createReach } from '../slack/outbound/reach.ts'
import { type RotatingToken, rotatingToken } from '../slack/outbound/rotatingToken.ts'
import { tokenExchange } from '../slack/outbound/tokenExchange.ts'
import { channelTokensOn } from '../store/channelTokens.ts'
import type { OpenStore } from '../store/open.ts'
import { sealWith } from '../store/seal.ts'
import type { InstallationSecret } from '../store/secretFile.ts'
import type { Config } from './config.ts'
import { readRunning } from './running.ts'
import { StartFault } from './startFault.ts'

interface CallsBy {
  readonly store: Pick<OpenStore, 'pool'>
  readonly secret: InstallationSecret
  readonly health: Health
  readonly log: Logger
  readonly metrics?: Metrics | undefined
}

/** What calls Slack, and with which token: the one of the environment, or the one of now, where the app's tokens rotate. */
export function slackCalls(
  config: Pick<Config, 'slack'>,
  given: SlackAccess,
  by: CallsBy,
): {
  readonly reach: Reach
  readonly access: SlackAccess
  readonly clients: SlackClients
  /** Null for an app whose token does not rotate. */
  readonly rotating: RotatingToken | null
} {
  const { health, log, metrics } = by
  const reach = createReach(health)
  const rotating = rotatingTokenOf(config, by)
  const access = { ...given, rotating }
  const clients = createClients(access, log, metrics ? { ...reach, ended: metrics.slackCallEnded } : reach)
  return { reach, access, clients, rotating }
}

/** Nothing is read until somebody needs a token. */
function rotatingTokenOf(
  { slack }: Pick<Config, 'slack'>,
  { store, secret, health, log }: CallsBy,
): RotatingToken | null {
  if (!slack?.credentials) return null
  return rotatingToken({
    tokens: channelTokensOn(store.pool, sealWith(secret)),
    exchange: tokenExchange(slack.credentials, { apiUrl: slack.apiUrl, log }),
    holder: typeid('rpl').toString(),
    health,
    log,
  })
}

/** Slack as configured, or the sandbox of the server that runs on this data directory. */
export function accessOf(config: Config): SlackAccess {
  const { slack } = config
  if (slack) return { botToken: slack.botToken ?? '', teamId: slack.teamId, apiUrl: slack.apiUrl }
  const sandbox = readRunning(config.dataDir)?.sandbox
  if (sandbox) return { botToken: sandbox.botToken, apiUrl: sandbox.apiUrl }
  throw new StartFault({
    problem: 'No sandbox is running, and people can only be looked up in a workspace.',
    fix: 'Start it in another terminal (npm start), or set SLACK_BOT_TOKEN.',
  })
}
