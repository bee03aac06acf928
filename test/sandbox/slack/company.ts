import { LogLevel, WebClient } from '@slack/web-api'
import { acme, sandboxScopes } from '../../../src/sandbox/seed.ts'
import {
  createLocalSlack,
  type LocalSlack,
  type LocalSlackOptions,
} from '../../../src/sandbox/slack/server.ts'
import { patience } from '../../support/eventually.ts'

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
    ackMs: patience,
    ...different,
  })
  await slack.listen()
  return slack
}

/** A message with the one button `go`, posted by the app. */
export async function postButton(slack: LocalSlack, channel = 'C0APPROVALS') {
  const { ts = '' } = await clientOf(slack).chat.postMessage({ channel, text: 'card', blocks: goButton })
  return { conversation: channel, ts }
}

export const goButton = [
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } },
    ],
  },
]

/** The real client, without its retries, so that a refusal is seen at once. */
export function clientOf(slack: LocalSlack, token: string = botToken): WebClient {
  return new WebClient(token, { slackApiUrl: slack.apiUrl, ...quietClient })
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
