import { administrative } from './action.ts'
import type { Deviation, Execution } from './execution.ts'
import type { State } from './lifecycle.ts'
import type { AnyRequest } from './request.ts'
import type { RevokedBy } from './revocation.ts'

type Approved = Pick<AnyRequest, 'state' | 'action' | 'verdict' | 'grant' | 'revokedBy'>

/**
 * What has become of an approval, in one sentence of ours: the same on cards, in threads and lists, in the API and in entries.
 * Null where nothing was approved, and for what Countersign does itself.
 */
export function progressOf(request: Approved): string | null {
  const { state, action, grant, revokedBy } = request
  if (administrative.includes(action.action)) return null
  if (state === 'approved') return ofApproved(request)
  if (state === 'lapsed') return grant ? lapsed.granted : lapsed.ungranted
  if (state === 'revoked') return revoked[revokedBy ?? 'operator']
  return after[state] ?? null
}

function ofApproved({ verdict, grant }: Approved): string {
  if (grant) return 'Its grant has not been redeemed yet.'
  return verdict.kind === 'allow'
    ? 'Recorded only: no grant has been asked for.'
    : 'Its grant has not been asked for yet.'
}

const after: Readonly<Partial<Record<State, string>>> = {
  executing: 'Its grant was redeemed; how it ended has not been reported yet.',
  succeeded: 'It was reported as done.',
  failed: 'It was reported as failed.',
  unreported: 'Its grant was redeemed, and how it ended was not reported in time.',
}

const lapsed = {
  granted: 'Its grant was not redeemed in time, so it may not be done any more.',
  ungranted: 'No grant was asked for in time, so it may not be done any more.',
} as const

const revoked = {
  approver: 'Somebody who had approved it took that back, so it may not be done any more.',
  operator: 'The operator revoked it, so it may not be done any more.',
  resource: 'The resource that its grant was for gave it back, so it may not be done any more.',
  agent: 'The agent gave its grant back, so it may not be done any more.',
  lost_approval: 'An approval of it no longer counts, so it may not be done any more.',
  policy: 'Policy has come to deny it, so it may not be done any more.',
  stop: 'A stop holds it, so it may not be done any more.',
  first: 'What it would undo was not done, so it may not be done any more.',
  chain: 'An agent that it was asked through was revoked, so it may not be done any more.',
  target: 'Something else has run on what it would undo, so it may not be done any more.',
} as const satisfies Record<RevokedBy, string>

/** States that a request reaches only after it was approved. */
export function isPastApproval(state: State): boolean {
  return pastApproval.includes(state)
}

const pastApproval: readonly State[] = ['executing', 'succeeded', 'failed', 'unreported', 'lapsed', 'revoked']

/** The kinds of deviation, the gravest first, and what is said of each where it is the gravest. */
const gravest = [
  ['not_approved', 'This was done without an approval.'],
  ['field', 'What was done is not what was approved.'],
  ['not_redeemed', 'This was done without redeeming a grant for it.'],
  ['contradiction', 'Those who reported what was done contradict each other.'],
] as const satisfies readonly (readonly [Deviation['kind'], string])[]

interface Gravest {
  readonly kind: Deviation['kind']
  readonly says: string
}

/** The gravest way in which what was reported is not what was approved, in one sentence; null where nothing is. */
export function deviationOf(executions: readonly Pick<Execution, 'deviations'>[] = []): Gravest | null {
  const kinds = executions.flatMap(({ deviations }) => deviations.map(({ kind }) => kind))
  const [kind, says] = gravest.find(([one]) => kinds.includes(one)) ?? []
  return kind === undefined || says === undefined ? null : { kind, says }
}
