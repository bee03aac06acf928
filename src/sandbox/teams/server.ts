/** A whole local Teams: an app talks to it over HTTP as to Microsoft's services, and people act in it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Activity, type Answer, createCourier, type TeamsDelivery } from './delivery.ts'
import { createTeamsFaults, type TeamsFaults } from './faults.ts'
import { connectorClaims, createKeySet, type KeySet, signToken } from './keys.ts'
import { createTeamsLimits, noTeamsLimits } from './limits.ts'
import { createLogin, type Login } from './login.ts'
import { composePress, performAct } from './person/act.ts'
import type { Press } from './person/press.ts'
import type { Stage } from './person/stage.ts'
import { createTeamsPersona, type TeamsPersona } from './persona.ts'
import { snapshotFor } from './snapshot.ts'
import { createTenant, openChat, type TeamsSeed, type Tenant } from './tenant.ts'
import { createTransport, type TeamsCall, type Transport } from './transport.ts'
import { type TeamsAct, type TeamsActResult, type TeamsSnapshot, teamsRoot } from './wire.ts'

export interface LocalTeamsOptions {
  /** Where it is reached, such as `http://127.0.0.1:8080`; `listen` replaces it. */
  readonly origin: string
  /** Where the app takes activities. */
  readonly appUrl: string
  /** The client secret. Null for an app that has only a certificate. */
  readonly secret: string | null
  /** The registered certificate in PEM. */
  readonly certificate?: string
  readonly seed: TeamsSeed
  /** Epoch milliseconds. */
  readonly now: () => number
  /** How long the app may take to answer; Teams gives about 10,000 ms. */
  readonly ackMs?: number
  /** How often a client sends a dialog that nobody answers; three times when left out. */
  readonly submits?: number
  /** How long a token of the login lives. */
  readonly tokenSeconds?: number
  /** What an administrator agreed to; what the app asks for when left out. */
  readonly permissions?: readonly string[]
  /** How many people Graph puts on a page; 100 when left out. */
  readonly pageSize?: number
  /** 'none' measures the app instead of Teams' patience; Teams' own limits when left out. */
  readonly rateLimits?: 'none'
}

/** The addresses that an app needs, as its configuration has them. */
interface LocalServices {
  readonly connector: string
  readonly login: string
  readonly graph: string
  readonly keys: string
  readonly issuer: string
}

export interface LocalTeams {
  readonly tenant: Tenant
  readonly services: LocalServices
  /** As activities name where they come from: a geography, as Teams has them. */
  readonly serviceUrl: string
  readonly login: Login
  readonly keys: KeySet
  readonly entraKeys: KeySet
  readonly faults: TeamsFaults
  readonly calls: readonly TeamsCall[]
  readonly deliveries: readonly TeamsDelivery[]
  /** Mistakes of the app that Teams shows only as "Something went wrong". */
  readonly problems: readonly string[]
  /** Answers what the app asks under `/sandbox/teams/`; false when the path is none of it. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Listens alone, on loopback; without a port, on any free one. */
  listen(port?: number): Promise<{ url: string }>
  close(): Promise<void>
  /** From now on the app is reached there. */
  deliverTo(appUrl: string): void
  act(act: TeamsAct): Promise<TeamsActResult>
  /** What the person sees, or undefined when there is nobody with this id. */
  look(personId: string): TeamsSnapshot | undefined
  as(personId: string): TeamsPersona
  /** A press as it would travel, whoever makes it: change it, and `send` it. */
  compose(press: Press): Activity
  /** Sends anything, forged or not; with a good token unless it is given another, or none (null). */
  send(activity: Activity, how?: { readonly token?: string | null }): Promise<Answer>
  /** Resolves when nothing is on its way to the app any more. */
  idle(): Promise<void>
}

/** What the app's manifest asks an administrator for. */
const usualPermissions = ['User.Read.All', 'GroupMember.Read.All']

/** A local Teams. Without `listen`, whoever mounts it calls `handle`. */
export function createLocalTeams(options: LocalTeamsOptions): LocalTeams {
  const address = { origin: options.origin, appUrl: options.appUrl }
  const { stage, transport, parts, problems } = assemble(options, address)
  for (const person of stage.tenant.people.values()) {
    const atHome = person.enabled && person.tenant === stage.tenant.id
    if (atHome && !person.guest) openChat(stage.tenant, person.id)
    else stage.tenant.without.add(person.id)
  }
  const act = (one: TeamsAct) => performAct(stage, one)
  const look = (id: string) => snapshotFor(stage.tenant, id)
  return {
    tenant: stage.tenant,
    get services() {
      return servicesAt(address.origin)
    },
    get serviceUrl() {
      return stage.serviceUrl()
    },
    login: parts.login,
    keys: parts.keys,
    entraKeys: parts.entraKeys,
    faults: parts.faults,
    calls: transport.calls,
    deliveries: stage.courier.deliveries,
    problems,
    handle: transport.handle,
    async listen(port = 0) {
      address.origin = `http://127.0.0.1:${await transport.listen(port)}`
      return { url: address.origin }
    },
    close: transport.close,
    deliverTo(appUrl) {
      address.appUrl = appUrl
    },
    act,
    look,
    as: (id) => createTeamsPersona(id, { perform: act, look: () => existing(look(id), id) }),
    compose: (press) => composePress(stage, press),
    send: (activity, how) => stage.courier.send(activity, how),
    idle: () => stage.courier.idle(),
  }
}

/** The parts, wired to each other; `address` may change later, when a port or the app's address is known. */
function assemble(options: LocalTeamsOptions, address: { origin: string; appUrl: string }) {
  const { now, ackMs = 10_000, submits = 3 } = options
  const tenant = createTenant(options.seed, now)
  const keys = createKeySet(['msteams'])
  const problems: string[] = []
  const serviceUrl = () => `${address.origin}${teamsRoot}smba/amer/`
  const token = async () => {
    const { issuer } = servicesAt(address.origin)
    const claims = { issuer, audience: tenant.app.id, serviceUrl: serviceUrl(), at: now() }
    return signToken(await keys.current(), connectorClaims(claims))
  }
  const stage: Stage = {
    tenant,
    courier: createCourier({ url: () => address.appUrl, token, ackMs }),
    serviceUrl,
    submits,
    problem(text) {
      problems.push(text)
      tenant.changed()
    },
  }
  const parts = {
    tenant,
    limits: options.rateLimits === 'none' ? noTeamsLimits : createTeamsLimits(now),
    permissions: options.permissions ?? usualPermissions,
    pageSize: options.pageSize ?? 100,
    login: loginOf(options, () => servicesAt(address.origin)),
    keys,
    entraKeys: createKeySet([]),
    faults: createTeamsFaults(),
    origin: () => address.origin,
  }
  const transport: Transport = createTransport(parts)
  return { stage, transport, parts, problems }
}

function loginOf(options: LocalTeamsOptions, services: () => LocalServices): Login {
  const { seed, secret, certificate = null, now, tokenSeconds } = options
  return createLogin({
    tenant: seed.tenant.id,
    appId: seed.app.id,
    secret,
    certificate,
    now,
    scopes: () => ({ connector: `${services().issuer}/.default`, graph: `${services().graph}/.default` }),
    ...(tokenSeconds !== undefined && { lifeSeconds: tokenSeconds }),
  })
}

function servicesAt(origin: string): LocalServices {
  const at = (path: string) => `${origin}${teamsRoot}${path}`
  return {
    // Every geography takes what is sent; apps that begin by themselves use this one.
    connector: at('smba/teams'),
    login: at('login'),
    graph: at('graph'),
    keys: at('keys/v1/.well-known/keys'),
    issuer: at('issuer'),
  }
}

function existing(snapshot: TeamsSnapshot | undefined, id: string): TeamsSnapshot {
  if (snapshot === undefined) throw new Error(`the local Teams has nobody with the id ${id}`)
  return snapshot
}
