/** What an agent calls after the yes: the grant, its redemption, the report. Exactly as an agent outside would. */
import { type Act, actionOf, anotherAction, type HeldGrant, refusedAct, type Said, taken } from './acts.ts'
import { exchange, type JsonObject, type Reply, text } from './exchange.ts'
import type { AgentRequest } from './requestClient.ts'

export interface Acting {
  readonly key: string
  readonly request: AgentRequest
  readonly grant: HeldGrant | null
}

export interface Acted {
  readonly said: Said
  /** Only where the act got one. */
  readonly grant?: HeldGrant
}

/** Does it, and says what came of it. Never rejects. */
export async function perform(act: Act, acting: Acting): Promise<Acted> {
  const { change = '', ...asking } = askingOf(act, acting)
  const reply = await post(acting.key, asking)
  if (reply.is === 'problem') return { said: refusedAct(act, reply.problem, change) }
  const said = taken(act, change)
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

function askingOf(act: Act, { request, grant }: Acting): Asking {
  const path = `/v1/requests/${encodeURIComponent(request.id)}`
  const reports = `${path}/executions`
  const redemption = { token: grant?.token ?? '', attempt: attempts.first }
  const action = actionOf(request)
  const other = anotherAction(request)
  const all: Readonly<Record<Act, Asking>> = {
    grant: { path: `${path}/grant`, body: {} },
    redeem: { path: redeemPath, body: { ...redemption, action } },
    redeemOther: { path: redeemPath, body: { ...redemption, action: other.action }, change: other.change },
    redeemAgain: { path: redeemPath, body: { ...redemption, attempt: attempts.second, action } },
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
