import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { acme, sandboxScopes } from '../../../src/sandbox/seed.ts'
import {
  createLocalSlack,
  type LocalSlack,
  type LocalSlackOptions,
} from '../../../src/sandbox/slack/server.ts'

export const botToken = 'xoxb-local-bot'
export const appToken = 'xapp-local-app'
export const signingSecret = 'local-signing-secret'

/** A clock that starts now and moves when the test moves it. */
export function handClock() {
  let at = Date.now()
  return {
    now: () => at,
    advance(ms: number) {
      at += ms
    },
  }
}

/** A local Slack that listens on loopback. */
export async function openSlack(different: Partial<LocalSlackOptions> = {}): Promise<LocalSlack> {
  const slack = createLocalSlack({
    origin: 'http://127.0.0.1:0',
    delivery: { mode: 'http', url: 'http://127.0.0.1:1/', signingSecret },
    botToken,
    appToken,
    scopes: sandboxScopes,
    seed: acme,
    now: handClock().now,
    ...different,
  })
  await slack.listen()
  return slack
}

/** The real client, without its retries, so that a refusal is seen at once. */
export function clientOf(slack: LocalSlack, token: string = botToken): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, ...quietClient })
}

/** A real Bolt app behind Bolt's own HTTP receiver, which `slack` now delivers to. */
export async function httpApp(
  slack: LocalSlack,
  define: (app: App) => void,
): Promise<{ url: string; stop(): Promise<unknown> }> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR, logger: silent })
  const app = new App({ receiver, token: botToken, logger: silent, clientOptions: clientOptions(slack) })
  define(app)
  const server = await receiver.start(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}/slack/events`
  slack.deliverTo({ mode: 'http', url, signingSecret })
  return { url, stop: () => receiver.stop() }
}

/** A real Bolt app in Socket Mode. */
export async function socketApp(slack: LocalSlack, define: (app: App) => void): Promise<App> {
  slack.deliverTo({ mode: 'socket' })
  const app = new App({
    socketMode: true,
    token: botToken,
    appToken,
    logger: silent,
    clientOptions: clientOptions(slack),
  })
  define(app)
  await app.start()
  return app
}

export const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}

const quietClient = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: silent }

function clientOptions(slack: LocalSlack) {
  return { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }
}
