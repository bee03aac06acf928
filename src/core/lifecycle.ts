import { Refusal } from './refusal.ts'

/** Every move a request can make. A state with no moves is final. */
export const moves = {
  pending: { approve: 'approved', deny: 'denied', expire: 'expired', cancel: 'cancelled' },
  approved: { redeem: 'executing', lapse: 'lapsed', revoke: 'revoked' },
  executing: { succeed: 'succeeded', fail: 'failed', lose: 'unreported' },
  denied: {},
  expired: {},
  cancelled: {},
  lapsed: {},
  revoked: {},
  succeeded: {},
  failed: {},
  unreported: {},
} as const satisfies Record<string, Record<string, string>>

export type State = keyof typeof moves
type MovesOf<S extends State> = keyof (typeof moves)[S]
export type Move = { [S in State]: MovesOf<S> }[State]

export const states = Object.keys(moves) as readonly State[] // keys of a const table

/** Where a request may begin: asked of people, allowed by policy, denied by policy. */
export const firstStates = ['pending', 'approved', 'denied'] as const satisfies readonly State[]

export function isFinal(state: State): boolean {
  return Object.keys(moves[state]).length === 0
}

/** The agent waits only while people have not settled it. */
export function isSettled(state: State): boolean {
  return state !== 'pending'
}

/** The state after a move. @throws Refusal `wrong_state` when the table has no such move. */
export function move(from: State, by: Move): State {
  const to = (moves[from] as Partial<Record<Move, State>>)[by] // widened: each row has only its own moves
  if (to === undefined) throw new Refusal('wrong_state', `cannot ${by} a request that is ${from}`)
  return to
}
