import type { ActionRequest, AnyRequest } from '../../src/core/request.ts'
import { grantFor, redemptionBy } from '../support/executing.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { at, entry, settled } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, hostile, viewOfExport } from './views.ts'

const first = exportRequest()
const grant = { ...grantFor(first), redeemed: redemptionBy(first) }
const done = {
  ...settled('approved'),
  decisions: [decisionOf('bob', 'approve'), { ...decisionOf('sam', 'approve'), legs: ['security'] }],
  filled: [
    ['data', ['per_bob']],
    ['security', ['per_sam']],
  ] as [string, string[]][],
  grant,
  state: 'succeeded',
} as const

const undoing = (given: Partial<ActionRequest> = {}): ActionRequest =>
  exportRequest({
    id: 'req_01kb0rollback0000000000000',
    rollsBack: first.id,
    action: {
      action: 'storage.delete',
      resource: { type: 'object', id: 's3://acme-lake-in/x' },
      params: { versions: 'all' },
      environment: 'production',
    },
    ...given,
  })

const under = (...rollbacks: readonly AnyRequest[]) => ({ ...viewOfExport(done), rollbacks })
const told = (type: Parameters<typeof entry>[0], data = {}) => ({
  ...entry(type, { data }),
  request: undoing().id,
})

const set = { id: 'set_1', card: first.id }
const alone = { ...set, card: undoing().id }

/** While people decide about an action that was declared with its rollback. */
const declaring = (given: Partial<ActionRequest> = {}) => ({
  ...viewOfExport({ set }),
  rollbacks: [undoing({ set, ...given })],
})

const longAction = {
  ...undoing().action,
  params: { versions: Array.from({ length: 60 }, (_, nth) => `version-${nth}`) },
}

/** What was done, and what undoes it. */
export const rollbackSituations: Readonly<Record<string, Situation>> = {
  'rollback-asked': { view: under(undoing()), entries: [told('request.submitted')] },
  'rolled-back': {
    view: under(
      undoing({ id: 'req_01kb0denied00000000000000', state: 'denied', settledAt: at }),
      undoing({ state: 'succeeded', settledAt: at }),
    ),
    entries: [
      told('request.submitted'),
      told('decision.made'),
      told('request.approved'),
      told('grant.redeemed'),
      told('execution.reported', { moved_to: 'succeeded' }),
      told('execution.deviated'),
    ],
  },
  'rollback-refused': {
    view: under(undoing({ state: 'revoked', revokedBy: 'target', settledAt: at })),
    entries: [told('request.revoked')],
  },
  'rollback-hostile': {
    view: under(
      undoing({
        action: { ...undoing().action, action: hostile, resource: { type: hostile, id: hostile } },
        state: 'failed',
        settledAt: at,
      }),
    ),
    entries: [told('request.submitted'), told('execution.reported', { moved_to: 'failed' })],
  },
  'declared-with-its-rollback': { view: declaring() },
  'declared-allowed-rollback': {
    view: declaring({
      verdict: { ...first.verdict, kind: 'allow' },
      state: 'approved',
      settledAt: at,
      set: alone,
    }),
  },
  'declared-denied-rollback': {
    view: declaring({
      verdict: { ...first.verdict, kind: 'deny' },
      state: 'denied',
      settledAt: at,
      set: alone,
    }),
  },
  'declared-cancelled-rollback': { view: declaring({ state: 'cancelled', settledAt: at }) },
  'declared-too-long': { view: declaring({ action: longAction }) },
  'declared-and-done': {
    view: {
      ...viewOfExport({ ...done, set }),
      rollbacks: [undoing({ set, state: 'approved', settledAt: at })],
    },
    entries: [told('request.submitted'), told('request.approved')],
  },
  'declared-and-denied': {
    view: {
      ...viewOfExport({ ...settled('denied'), set, decisions: [decisionOf('bob', 'deny', 'Not today.')] }),
      rollbacks: [undoing({ set, state: 'cancelled', withFirst: true, settledAt: at })],
    },
    entries: [told('request.cancelled')],
  },
  // Its own card.
  'undoes-something': {
    view: { ...viewOfExport({ rollsBack: first.id }), undoes: exportRequest({ ...done, decisions: [] }) },
  },
}
