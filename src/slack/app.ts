import type { IncomingMessage, ServerResponse } from 'node:http'
import { App, type Receiver, type ReceiverEvent } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Channel } from '../approvals/channelPort.ts'
import type { HouseNow } from '../approvals/houseNow.ts'
import type { PersonCommand } from '../approvals/personCommand.ts'
import type { Health, Ports } from '../approvals/ports.ts'
import { rememberIds } from '../channels/firstTime.ts'
import { lookLimit } from '../channels/lookLimit.ts'
import type { CallWatch } from '../channels/reach.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { addressIn } from './address.ts'
import type { Home } from './card/localView.ts'
import type { SlackContext } from './context.ts'
import type { SlackIdentity } from './identity.ts'
import { listen } from './inbound/listen.ts'
import { sayPrevious } from './inbound/previousSecret.ts'
import { createReceiver, type Elsewhere } from './inbound/receiver.ts'
import type { SigningSecrets } from './inbound/signature.ts'
import { createSocketReceiver } from './inbound/socket.ts'
import { createChannel } from './outbound/channel.ts'
import {
  callTimeout,
  clientOptions,
  type SlackAccess,
  type SlackClients,
  slackLogger,
} from './outbound/clients.ts'
import type { SlackDirectory } from './outbound/directory.ts'
import { slackWording } from './text/answers.ts'
import { keepHomes } from './windows/homes.ts'

/** How Slack reaches us: it calls us, or we hold a socket open. */
export type SlackMode =
  | {
      readonly kind: 'http'
      readonly signingSecret: string
      /** Believed too while the secret is being replaced. */
      readonly previousSecret?: string | null
    }
  | { readonly kind: 'socket'; readonly appToken: string }

export interface SlackOptions {
  readonly ports: Ports
  readonly log: Logger
  readonly access: SlackAccess
  readonly clients: SlackClients
  readonly identity: SlackIdentity
  /** The workspace, where there are several; null, or nothing said, where there is one. */
  readonly home?: Home | null
  /** The directory inside `ports`, so that Slack's events can make it forget. */
  readonly directory: SlackDirectory
  readonly mode: SlackMode
  /** Keeps what somebody does durably for a job. Resolves when it is durable. */
  readonly later: (command: PersonCommand) => Promise<void>
  readonly ages: AgeClock
  readonly health: Health
  /** Hears that Slack took our token away. */
  readonly reach: Pick<CallWatch, 'refused'>
  /** How the server is, for the Home of those who may know. Never rejects. */
  readonly house: () => Promise<HouseNow>
  /** Milliseconds after which it is looked whose Home has changed; a second where nothing is said. */
  readonly homesEveryMs?: number
  /** Hears with which secret each delivery over HTTP was signed. */
  readonly signedWith?: (secret: keyof SigningSecrets) => void
  /** Who hears what is about another workspace, by what was delivered; null for what is about this one. */
  readonly elsewhere?: Elsewhere
  /** Milliseconds after which a decision counts as slow. */
  readonly slowAfter?: number
  /** Milliseconds after which a press is acknowledged, whatever becomes of it. */
  readonly ackAfter?: number
  /** Milliseconds after which a delivery is answered, whatever happens; see receiver.ts. */
  readonly answerWithin?: number
}

export interface Slack {
  /** Answers one HTTP request on Slack's endpoint, body unread. 404 in Socket Mode. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** What Slack tells about this workspace, signed and read where all workspaces are heard. */
  hear(event: ReceiverEvent): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  readonly channel: Channel
}

/** Milliseconds after which a decision is queued: time is left to queue it before the delivery has to be answered. */
export const slowAfter = 2_000

/** Milliseconds after which a press is queued, and acknowledged: people see that it arrived, whatever the database does. */
export const ackAfter = 400

/** Slack, connected to the verbs. Nothing is sent or received before `start`. */
export function createSlack(options: SlackOptions): Slack {
  const { ports, log, access, clients, identity, mode, home = null } = options
  const channel = createChannel({ client: clients.posts, ages: options.ages, log, home })
  const slack: SlackContext = {
    ...contextOf(options, home?.team ?? null),
    channel,
    homes: {
      opened: (user) => homes.opened(user),
      forgetUser: (...users) => homes.forgetUser(...users),
    },
  }
  const homes = keepHomes(slack, { ages: options.ages, everyMs: options.homesEveryMs })
  // A delivery is as old as the database says: a server whose own clock is wrong still knows Slack's deliveries.
  const now = () => ports.clock().getTime()
  const http = mode.kind === 'http' ? createReceiver({ ...options, ...signingOf(mode, options), now }) : null
  const receiver = http ?? socketFor(options)
  const app = new App({
    receiver,
    // We know who we are; Bolt need not ask for each payload.
    authorize: async () => ({
      botToken: access.rotating ? await access.rotating.current() : access.botToken,
      botId: identity.botId,
      botUserId: identity.botUserId,
    }),
    convoStore: false,
    logger: slackLogger(log),
    clientOptions: clientOptions(access, { log, timeout: callTimeout.clicks }),
  })
  listen(app, { slack, directory: options.directory, channel, reach: options.reach })
  return {
    handle: (req, res) => (http ? http.handle(req, res) : notHere(res)),
    hear: (event) => app.processEvent(event),
    start: async () => void (await app.start()),
    stop: async () => {
      await app.stop()
      await homes.stop()
    },
    channel,
  }
}

function contextOf(options: SlackOptions, team: string | null): Omit<SlackContext, 'channel' | 'homes'> {
  return {
    ports: options.ports,
    log: options.log,
    via: 'slack',
    wording: slackWording,
    identity: options.identity,
    team,
    address: (id) => addressIn(team, id),
    clicks: options.clients.clicks,
    later: options.later,
    firstTime: rememberIds(1_000),
    countLook: lookLimit(options.ages),
    house: options.house,
    slowAfter: options.slowAfter ?? slowAfter,
    ackAfter: options.ackAfter ?? ackAfter,
  }
}

function signingOf(
  { signingSecret: current, previousSecret: previous = null }: Extract<SlackMode, { kind: 'http' }>,
  { signedWith, ages, log }: SlackOptions,
) {
  const say = sayPrevious(ages.elapsed, log)
  return {
    secrets: { current, previous },
    signedWith: (secret: keyof SigningSecrets) => {
      signedWith?.(secret)
      if (secret === 'previous') say()
    },
  }
}

function socketFor({ mode, access, health, ages, log }: SlackOptions): Receiver {
  if (mode.kind !== 'socket') throw new Error('Socket Mode needs SLACK_APP_TOKEN')
  return createSocketReceiver({ appToken: mode.appToken, access, health, elapsed: ages.elapsed, log })
}

async function notHere(res: ServerResponse): Promise<void> {
  res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
  res.end('Slack reaches this server through Socket Mode.')
}
