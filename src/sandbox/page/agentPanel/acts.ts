/** What the agent can do once it may go ahead, well or badly, and how each answer is told. Pure. */
import type { WarehouseLook } from '../../wire.ts'
import { isObject, type JsonObject, type Problem, text } from './exchange.ts'
import type { AgentRequest } from './requestClient.ts'

export type Act =
  | 'grant'
  | 'redeem'
  | 'redeemOther'
  | 'redeemAgain'
  | 'credential'
  | 'login'
  | 'done'
  | 'failed'
  | 'reportOther'

/** What the agent has in its hands. Only in this window: once it is closed, both are lost. */
export interface Held {
  readonly grant: HeldGrant | null
  readonly credential: HeldCredential | null
}

/** A grant as its agent holds it: the token is nowhere else. */
export interface HeldGrant {
  readonly token: string
  /** By this browser's clock. */
  readonly endsAtMs: number
}

/** A role of the sandbox's warehouse. */
export interface HeldCredential {
  readonly user: string
  readonly password: string
}

/** What came of one act. */
export interface Said {
  readonly act: Act
  readonly good: boolean
  readonly sentence: string
  /** The refusal's code; empty where it was not refused. */
  readonly code: string
  /** What could be read, where something was. */
  readonly found?: Pick<WarehouseLook, 'columns' | 'rows'>
}

export interface Offer {
  readonly act: Act
  readonly label: string
}

/** The agent's next steps, and what a bad agent would try. Nothing before the yes and after the end. */
export function offersOf(
  request: AgentRequest,
  { grant, credential }: Held,
): { readonly next: readonly Offer[]; readonly bad: readonly Offer[] } {
  const { state } = request
  if (state === 'approved' && !grant) return { next: [offers.grant], bad: [] }
  if (state === 'approved') return { next: [offers.redeem], bad: [offers.redeemOther] }
  // To see that it is worth nothing any more.
  const login = credential ? [offers.login] : []
  if (state !== 'executing') return { next: login, bad: [] }
  const asking = grant && !credential && isInWarehouse(request) ? [offers.credential] : []
  return {
    next: [...asking, ...login, offers.done, offers.failed],
    bad: [...(grant ? [offers.redeemAgain] : []), offers.reportOther],
  }
}

/** Where the sandbox has something to give a credential for. */
function isInWarehouse({ action, resource, environment }: AgentRequest): boolean {
  const id = isObject(resource) ? text(resource.id) : ''
  return action === 'db.export' && environment === 'prod' && id.startsWith('warehouse.')
}

const offers = {
  grant: { act: 'grant', label: 'Get the grant' },
  redeem: { act: 'redeem', label: 'Redeem it' },
  redeemOther: { act: 'redeemOther', label: 'Redeem another action' },
  redeemAgain: { act: 'redeemAgain', label: 'Redeem twice' },
  credential: { act: 'credential', label: 'Get a credential' },
  login: { act: 'login', label: 'Log in with it' },
  done: { act: 'done', label: 'Report: done' },
  failed: { act: 'failed', label: 'Report: failed' },
  reportOther: { act: 'reportOther', label: 'Report something else' },
} as const satisfies { readonly [A in Act]: Offer & { readonly act: A } }

/** The four fields that were approved: what is redeemed and reported is compared with them. */
export function actionOf({ action, resource, params, environment }: AgentRequest): JsonObject {
  return { action, resource, params, environment }
}

/** Almost the approved action, and how it differs, as a person would say it. */
export function anotherAction(request: AgentRequest): {
  readonly action: JsonObject
  readonly change: string
} {
  const action = actionOf(request)
  const params = isObject(request.params) ? request.params : {}
  const [name, value] = Object.entries(params).find(([, each]) => typeof each === 'number') ?? []
  if (name !== undefined && typeof value === 'number') {
    const other = value === 0 ? 1 : value * 10
    return {
      action: { ...action, params: { ...params, [name]: other } },
      change: `${name} ${counted(other)} instead of ${counted(value)}`,
    }
  }
  const resource = isObject(request.resource) ? request.resource : {}
  const id = text(resource.id)
  return {
    action: { ...action, resource: { ...resource, id: `${id}-other` } },
    change: `${id}-other instead of ${id}`,
  }
}

function counted(value: number): string {
  return value.toLocaleString('en-GB')
}

/** What the server took. `change` is what was done differently, where it was. */
export function taken(act: Act, change = ''): Said {
  return { act, good: act !== 'reportOther', sentence: sentences[act](change), code: '' }
}

const sentences: Readonly<Record<Act, (change: string) => string>> = {
  grant: () => 'Here is the grant: one token, for exactly this action, once.',
  redeem: () => 'Redeemed. The agent may run this action now, once.',
  redeemOther: (change) => `Redeemed, with ${change}.`,
  redeemAgain: () => 'Redeemed a second time.',
  credential: () => 'Here is a role of the database, made for this execution. It ends with the report.',
  login: () => 'Logged in.',
  done: () => 'Reported as done.',
  failed: () => 'Reported as failed.',
  reportOther: (change) =>
    `Reported as done with ${change}. The report is kept, and people are told that this is not what they approved.`,
}

/** What the role was worth when the agent logged in with it. */
export function loggedIn({ entered, columns, rows, refused }: WarehouseLook): Said {
  const said = { act: 'login', good: true, code: '' } as const
  if (!entered) return { ...said, sentence: 'The database refused the login: the role is gone.' }
  const read = columns.length === 0 ? 'nothing of users' : `${columns.join(' and ')} of users`
  const not = refused.length === 0 ? '' : ` The database refused ${refused.join(' and ')}.`
  return { ...said, sentence: `Logged in and read ${read}.${not}`, found: { columns, rows } }
}

/** What the server refused, with its own words. */
export function refusedAct(act: Act, { title, code, status }: Problem, change = ''): Said {
  const what = change === '' ? offers[act].label : `${offers[act].label}, with ${change}`
  const http = status > 0 ? ` (HTTP ${status})` : ''
  return { act, good: false, sentence: `${what}: refused${http}. ${title.replace(/\.$/, '')}.`, code }
}

/** The claims of a token, as they stand in it. Null where it is no JWT. The panel shows them; it verifies nothing. */
export function claimsOf(token: string): JsonObject | null {
  try {
    const base64 = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isObject(claims) ? claims : null
  } catch {
    return null
  }
}

/** "1:58"; null when nothing is left. */
export function timeLeft(endsAtMs: number, nowMs: number): string | null {
  const seconds = Math.ceil((endsAtMs - nowMs) / 1000)
  if (seconds <= 0) return null
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
