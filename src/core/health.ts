/**
 * What can be wrong with a running server. `not_ready`: another replica might do better, so this one should get no
 * calls (503). `degraded`: it is true for all of them, so taking this one away would help nobody; it is said loudly
 * instead. The codes are stable; `docs/operations.md` has a paragraph for each.
 */
export const conditions = {
  starting: { kind: 'not_ready', says: 'The server is still starting.' },
  no_policy: { kind: 'not_ready', says: 'No policy is active, so every request is denied.' },
  policy_unloadable: { kind: 'not_ready', says: 'This version cannot load the active policy.' },
  policy_unconfirmed: {
    kind: 'not_ready',
    says: 'This process has not confirmed for a while which policy is active.',
  },
  cannot_write: { kind: 'not_ready', says: 'This process cannot write to the database.' },
  workers_dead: { kind: 'not_ready', says: 'The job workers have not asked for work lately.' },
  channel_away: { kind: 'degraded', says: 'The channel to people does not answer, or refuses us.' },
  channel_token_failing: {
    kind: 'degraded',
    says: 'The channel gives no next token in place of the one that expires.',
  },
  nobody_reachable: {
    kind: 'degraded',
    says: 'No channel reaches anybody, so what needs people is refused; what policy allows goes through.',
  },
  no_signing_key: {
    kind: 'degraded',
    says: 'The key that signs grants cannot be opened, so none are issued.',
  },
  ledger_behind: {
    kind: 'not_ready',
    says: 'The ledger of this database is older than a checkpoint that left the house, or another: nothing is written.',
  },
  anchor_missed: {
    kind: 'degraded',
    says: 'An anchor did not take the newest checkpoint of the ledger, or does not answer.',
  },
  anchor_disputed: {
    kind: 'degraded',
    says: 'An anchor holds something that does not fit this ledger.',
  },
  sealing_stopped: {
    kind: 'degraded',
    says: 'Entries are recorded, but no longer get their place in the ledger.',
  },
  stream_behind: {
    kind: 'degraded',
    says: 'A stream of the ledger does not go on: its receiver takes nothing.',
  },
  on_call_changed: {
    kind: 'degraded',
    says: 'An on-call service has another address for somebody than the one by which we know who they are.',
  },
  shadow_away: {
    kind: 'degraded',
    says: 'This process cannot judge by the bundle that is to judge beside the active one.',
  },
  jobs_dead: { kind: 'degraded', says: 'Jobs have failed for good and will not be tried again.' },
} as const satisfies Record<string, { kind: 'not_ready' | 'degraded'; says: string }>

export type ConditionCode = keyof typeof conditions

/** Something that is wrong now. */
export interface Condition {
  readonly code: ConditionCode
  /** For the operator's log: what exactly, and what helps. Never a secret. */
  readonly detail: string
}

/** Whether it makes this process unfit, or only unwell. */
export function isUnfit({ code }: Condition): boolean {
  return conditions[code].kind === 'not_ready'
}
