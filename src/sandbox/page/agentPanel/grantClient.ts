/** What an agent calls after the yes: the grant, its redemption, the report. Exactly as an agent outside would. */

import { sandboxRoot, type WarehouseLook } from '../../wire.ts'
import {
  type Act,
  actionOf,
  anotherAction,
  type Held,
  type HeldCredential,
  type HeldGrant,
  loggedIn,
  refusedAct,
  type Said,
  taken,
} from './acts.ts'
import { exchange, isObject, type JsonObject, type Reply, text } from './exchange.ts'
import type { AgentRequest } from './requestClient.ts'

export interface Acting extends Held {
  readonly key: string
  readonly request: AgentRequest
}

export interface Acted {
  readonly said: Said
  /** Only where the act got one. */
  readonly grant?: HeldGrant
  readonly credential?: HeldCredential | null
}

/** Does it, and says what came of it. Never rejects. */
export async function perform(act: Act, acting: Acting): Promise<Acted> {
  if (act === 'login') return logIn(acting.credential)
  const { change = '', ...asking } = askingOf(act, acting)
  const reply = await post(acting.key, asking)
  if (reply.is === 'problem') return { said: refusedAct(act, reply.problem, change) }
  const said = taken(act, change)
  if (act === 'credential') return { said, credential: heldCredential(reply.body) }
  return act === 'grant' ? { said, grant: heldGrant(reply.body) } : { said }
}

interface Asking {
  readonly path: string
  readonly body: JsonObject
  /** How the action in the body differs from the approved one, where it does. */
  readonly change?: string
}

/** The same attempt again would get the same answer, so a second use has another name. */
const attempts = { first: 'attempt-1', second: 'attempt-2' } as const

function askingOf(act: Exclude<Act, 'login'>, { request, grant }: Acting): Asking {
  const path = `/v1/requests/${encodeURIComponent(request.id)}`
  const reports = `${path}/executions`
  const redemption = { token: grant?.token ?? '', attempt: attempts.first }
  const action = actionOf(request)
  const other = anotherAction(request)
  const all: Readonly<Record<typeof act, Asking>> = {
    grant: { path: `${path}/grant`, body: {} },
    redeem: { path: redeemPath, body: { ...redemption, action } },
    redeemOther: { path: redeemPath, body: { ...redemption, action: other.action }, change: other.change },
    redeemAgain: { path: redeemPath, body: { ...redemption, attempt: attempts.second, action } },
    credential: { path: `${path}/credential`, body: {} },
    done: { path: reports, body: { state: 'succeeded', action } },
    failed: { path: reports, body: { state: 'failed', action } },
    reportOther: {
      path: reports,
      body: { state: 'succeeded', action: other.action },
      change: other.change,
    },
  }
  return all[act]
}

const redeemPath = '/v1/grants/redeem'

function post(key: string, { path, body }: Asking): Promise<Reply> {
  return exchange(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function heldGrant({ token, expires_in }: JsonObject): HeldGrant {
  const seconds = typeof expires_in === 'number' ? expires_in : 0
  return { token: text(token), endsAtMs: Date.now() + seconds * 1000 }
}

function heldCredential({ credential }: JsonObject): HeldCredential {
  const { user, password } = isObject(credential) ? credential : {}
  return { user: text(user), password: text(password) }
}

/** Into the warehouse, as anybody could who has the role: by the sandbox, because a browser speaks no PostgreSQL. */
async function logIn(held: HeldCredential | null): Promise<Acted> {
  const reply = await exchange(`${sandboxRoot}warehouse`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(held),
  })
  if (reply.is === 'problem') return { said: refusedAct('login', reply.problem) }
  const look = reply.body as unknown as WarehouseLook // our own server, of this very build
  return { said: loggedIn(look), credential: look.entered ? held : null }
}
