import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import { onTestFinished } from 'vitest'
import type { LocalSlack, LocalSlackOptions } from '../../../src/sandbox/slack/server.ts'
import { appToken, botToken, clientOf, openSlack, signingSecret, silent } from './company.ts'

/** Both ways in which Slack reaches an app. */
export const modes: [string, Start][] = [
  ['HTTP', httpApp],
  ['Socket Mode', socketApp],
]

/** Starts a real Bolt app, which `slack` now delivers to; it stops when the test is over. */
export type Start = (slack: LocalSlack, define: (app: App) => void) => Promise<unknown>

/** A local Slack with a real Bolt app on it, both closed when the test is over. */
export async function runApp(
  start: Start,
  define: (app: App) => void,
  different: Partial<LocalSlackOptions> = {},
): Promise<LocalSlack> {
  const slack = await openSlack(different)
  onTestFinished(() => slack.close())
  await start(slack, define)
  return slack
}

/** Behind Bolt's own HTTP receiver; returns its address. */
export async function httpApp(slack: LocalSlack, define: (app: App) => void): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR, logger: silent })
  const app = new App({ receiver, token: botToken, logger: silent, clientOptions: clientOptions(slack) })
  define(app)
  const server = await receiver.start(0)
  onTestFinished(async () => {
    await receiver.stop()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}/slack/events`
  slack.deliverTo({ mode: 'http', url, signingSecret })
  return url
}

/** In Socket Mode. */
export async function socketApp(slack: LocalSlack, define: (app: App) => void): Promise<void> {
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
  onTestFinished(async () => {
    await app.stop()
  })
}

function clientOptions(slack: LocalSlack) {
  return { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }
}

/** A card as Countersign posts it: a button and a menu. */
export async function postCard(slack: LocalSlack) {
  const channel = 'C0APPROVALS'
  const { ts = '' } = await clientOf(slack).chat.postMessage({ channel, text: 'card', blocks: card })
  return { conversation: channel, ts }
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text })

export const card = [
  { type: 'header' as const, text: plain('Approval needed') },
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, action_id: 'approve', text: plain('Approve'), value: 'req_1' },
      { type: 'overflow' as const, action_id: 'more', options: [{ text: plain('Why'), value: 'why' }] },
    ],
  },
]

/** Waits for work that goes on after the acknowledgement; the test's own timeout is the limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
