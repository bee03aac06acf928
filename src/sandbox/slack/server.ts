/** A whole local Slack: the real clients talk to it over HTTP and websockets, and members act in it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ActResult, MemberAct, Snapshot } from '../wire.ts'
import { openDirect } from './conversations.ts'
import type { Ack, Courier, Parcel } from './delivery/courier.ts'
import { createEvents, slackRetryDelaysMs } from './delivery/events.ts'
import { httpCourier } from './delivery/http.ts'
import { createOutbox, type Delivery } from './delivery/outbox.ts'
import { createSockets, type Sockets } from './delivery/socket.ts'
import { createDirectory, type Directory } from './directory.ts'
import { createFaults, type Faults } from './faults.ts'
import { createRateLimits, noRateLimits } from './limits.ts'
import { composeAct, performAct } from './member/act.ts'
import type { Stage } from './member/actor.ts'
import { type PostedByApp, postByApp } from './member/speak.ts'
import { isAtHome } from './members.ts'
import type { Context } from './methods/method.ts'
import { createPersona, type Persona } from './persona.ts'
import { snapshotFor } from './snapshot.ts'
import { createTokens, type Rotation, type Tokens } from './tokens.ts'
import { createTransport } from './transport.ts'
import { createTriggers } from './triggers.ts'
import { type Call, createWebApi } from './webApi.ts'
import { createWorkspace, type Seed, type Workspace } from './workspace.ts'

/** How interactions, commands and events reach the app. */
type DeliveryMode =
  | { readonly mode: 'http'; readonly url: string; readonly signingSecret: string }
  | { readonly mode: 'socket' }

export interface LocalSlackOptions {
  /** Where it is reached, such as `http://127.0.0.1:8080`; `listen` replaces it. */
  readonly origin: string
  readonly delivery: DeliveryMode
  readonly botToken: string
  /** For an app whose tokens rotate: `botToken` is the first. */
  readonly rotation?: Rotation
  readonly appToken: string
  /** The bot token's scopes. */
  readonly scopes: readonly string[]
  readonly seed: Seed
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How long the app may take to acknowledge; Slack gives 3,000 ms. */
  readonly ackMs?: number
  /** Waits before an event is tried again; Slack's own when left out. */
  readonly retryDelaysMs?: readonly number[]
  /** False for a workspace that does not have the blocks of 2025 and 2026 yet. */
  readonly recentBlocks?: boolean
  /** 'none' measures the app instead of Slack's patience; Slack's own limits when left out. */
  readonly rateLimits?: 'none'
}

export interface LocalSlack {
  readonly workspace: Workspace
  /** What `slackApiUrl` has to be. */
  readonly apiUrl: string
  readonly faults: Faults
  readonly directory: Directory
  readonly tokens: Tokens
  readonly calls: readonly Call[]
  readonly deliveries: readonly Delivery[]
  /** Mistakes of the app that Slack shows its user only as "trouble connecting". */
  readonly problems: readonly string[]
  readonly sockets: Sockets
  /** Answers everything under `/sandbox/slack/`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Takes `/sandbox/slack/socket`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Listens alone, on loopback; without a port, on any free one. */
  listen(port?: number): Promise<{ url: string }>
  close(): Promise<void>
  /** From now on the app is reached in this way: for an app whose address is known only after it has started. */
  deliverTo(delivery: DeliveryMode): void
  act(act: MemberAct): Promise<ActResult>
  /** What the member sees, or undefined when there is no such member. */
  look(memberId: string): Snapshot | undefined
  as(memberId: string): Persona
  /** An act as it would travel, whoever makes it: change it, and `send` it. Throws when the element is gone. */
  compose(act: Exclude<MemberAct, { act: 'post' | 'home' }>): Parcel
  /** An app that holds the member's token posts in their name; Slack tells the app that is mentioned, with its marks. */
  postByApp(post: PostedByApp): void
  /** Sends anything, forged or not, signed as Slack does. */
  send(parcel: Parcel): Promise<Ack>
  /** Resolves when nothing is on its way to the app any more. */
  idle(): Promise<void>
}

/** A local Slack with `seed`'s company in it. Nothing listens until it is mounted or told to. */
export function createLocalSlack(options: LocalSlackOptions): LocalSlack {
  const address = { origin: options.origin, delivery: options.delivery }
  const { stage, sockets, faults, problems } = assemble(options, address)
  const { workspace, context, outbox, events } = stage
  const webApi = createWebApi(context, { appToken: options.appToken, faults })
  const transport = createTransport({ context, webApi, faults, sockets })
  openDirects(workspace)
  return {
    workspace,
    get apiUrl() {
      return `${address.origin}/sandbox/slack/api/`
    },
    faults,
    directory: createDirectory(workspace, events, options.scopes),
    tokens: context.tokens,
    calls: webApi.calls,
    deliveries: outbox.deliveries,
    problems,
    sockets,
    handle: transport.handle,
    upgrade: transport.upgrade,
    async listen(port = 0) {
      address.origin = `http://127.0.0.1:${await transport.listen(port)}`
      return { url: address.origin }
    },
    async close() {
      events.close()
      sockets.close()
      await transport.close()
    },
    deliverTo(delivery) {
      address.delivery = delivery
    },
    ...membersOf(stage),
    postByApp: (post) => postByApp(stage, post),
    send: (parcel) => outbox.send(parcel),
    idle: () => outbox.idle(),
  }
}

function membersOf(stage: Stage): Pick<LocalSlack, 'act' | 'look' | 'as' | 'compose'> {
  const act = (one: MemberAct) => performAct(stage, one)
  const look = (memberId: string) => snapshotFor(stage.workspace, memberId)
  return {
    act,
    look,
    as: (memberId) =>
      createPersona(memberId, { perform: act, look: () => existing(look(memberId), memberId) }),
    compose: (one) => composeAct(stage, one),
  }
}

/** The parts, wired to each other; `address` may change later, when a port or the app's address is known. */
function assemble(options: LocalSlackOptions, address: { origin: string; delivery: DeliveryMode }) {
  const { now, ackMs = 3_000, retryDelaysMs = slackRetryDelaysMs, recentBlocks = true, scopes } = options
  const workspace = createWorkspace(options.seed, now)
  const sockets = createSockets({ appId: workspace.app.id, ackMs, now })
  const outbox = createOutbox(() => courierFor(address.delivery, { sockets, ackMs, now }))
  const triggers = createTriggers(now)
  const problems: string[] = []
  const context: Context = {
    workspace,
    triggers,
    limits: options.rateLimits === 'none' ? noRateLimits : createRateLimits(now),
    tokens: createTokens(options.botToken, options.rotation ?? null, now),
    recentBlocks,
    scopes,
    origin: () => address.origin,
    openSocket: () =>
      `${address.origin.replace(/^http/, 'ws')}/sandbox/slack/socket?ticket=${sockets.issueTicket()}`,
  }
  const stage: Stage = {
    workspace,
    context,
    outbox,
    triggers,
    events: createEvents(workspace, outbox, retryDelaysMs),
    responseUrl: (target) => `${address.origin}/sandbox/slack/response/${triggers.issueResponse(target)}`,
    problem(text) {
      problems.push(text)
      workspace.changed()
    },
  }
  return { stage, sockets, faults: createFaults(), problems }
}

function courierFor(
  delivery: DeliveryMode,
  parts: { sockets: Sockets; ackMs: number; now: () => number },
): Courier {
  const { sockets, ackMs, now } = parts
  if (delivery.mode === 'socket') return sockets
  return httpCourier({ url: delivery.url, signingSecret: delivery.signingSecret, ackMs, now })
}

/** Everybody has the app's DM in their sidebar from the start. */
function openDirects(workspace: Workspace): void {
  for (const member of workspace.members.values()) {
    if (!member.bot && !member.deleted && isAtHome(workspace, member)) openDirect(workspace, member.id)
  }
}

function existing(snapshot: Snapshot | undefined, memberId: string): Snapshot {
  if (snapshot === undefined) throw new Error(`the local Slack has no member ${memberId}`)
  return snapshot
}
