/** What the agent can do once it may go ahead, well or badly, and how each answer is told. Pure. */
import { isObject, type JsonObject, type Problem, text } from './exchange.ts'
import type { AgentRequest } from './requestClient.ts'

export type Act = 'grant' | 'redeem' | 'redeemOther' | 'redeemAgain' | 'done' | 'failed' | 'reportOther'

/** A grant as its agent holds it: the token is nowhere else. */
export interface HeldGrant {
  readonly token: string
  /** By this browser's clock. */
  readonly endsAtMs: number
}

/** What came of one act. */
export interface Said {
  readonly act: Act
  readonly good: boolean
  readonly sentence: string
  /** The refusal's code; empty where it was not refused. */
  readonly code: string
}

export interface Offer {
  readonly act: Act
  readonly label: string
}

/** The agent's next steps, and what a bad agent would try. Nothing before the yes and after the end. */
export function offersOf(
  { state }: AgentRequest,
  hasGrant: boolean,
): { readonly next: readonly Offer[]; readonly bad: readonly Offer[] } {
  if (state === 'approved' && !hasGrant) return { next: [offers.grant], bad: [] }
  if (state === 'approved') return { next: [offers.redeem], bad: [offers.redeemOther] }
  if (state !== 'executing') return { next: [], bad: [] }
  return {
    next: [offers.done, offers.failed],
    bad: [...(hasGrant ? [offers.redeemAgain] : []), offers.reportOther],
  }
}

const offers = {
  grant: { act: 'grant', label: 'Get the grant' },
  redeem: { act: 'redeem', label: 'Redeem it' },
  redeemOther: { act: 'redeemOther', label: 'Redeem another action' },
  redeemAgain: { act: 'redeemAgain', label: 'Redeem twice' },
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
  done: () => 'Reported as done.',
  failed: () => 'Reported as failed.',
  reportOther: (change) =>
    `Reported as done with ${change}. The report is kept, and people are told that this is not what they approved.`,
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
