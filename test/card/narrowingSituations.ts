import { exportRequest } from '../support/exportRequest.ts'
import { requestOfToday } from '../support/people.ts'
import { decided, entry } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, hostile, viewOfExport } from './views.ts'

const marks = { rows: { min: 1 }, columns: 'items' } as const
const less = { table: 'users', rows: 5_000, columns: ['id', 'email'] }
const asked = { table: 'users', rows: 250_000, columns: ['id', 'email', hostile] }
const action = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: asked,
  environment: 'production',
}

const [firstId, lessId] = ['req_01ka0000000000000000000000', 'req_01kb']
const narrowed = { person: 'per_bob', account: 'slack:T0ACME:U0BOB', to: lessId, reason: hostile } as const
const end = { state: 'denied', outcome: 'Narrowed.', settledAt: '2026-11-24T14:20:00.000Z' } as const
const before = exportRequest({ id: firstId, action, ...end, narrowed })

const { verdict } = viewOfExport().request
const narrowable = { ...verdict, facts: { ...verdict.facts, narrowable: marks } }

/** What approvers may lower, what one of them lowered, and what was asked before that. */
export const narrowingSituations: Readonly<Record<string, Situation>> = {
  'pending-narrowable': { view: viewOfExport({ params: asked, verdict: narrowable }) },
  'narrowed-waits': {
    view: {
      ...viewOfExport({
        ...{ id: lessId, narrows: firstId, params: less, verdict: narrowable },
        ...{ decisions: [decisionOf('bob', 'approve', hostile)], filled: [['data', ['per_bob']]] },
      }),
      narrows: requestOfToday(before),
    },
    entries: [decided],
  },
  'narrowed-and-approved': {
    view: {
      ...viewOfExport({
        ...{ id: lessId, narrows: firstId, params: less, state: 'approved', outcome: 'Approved.' },
        ...{ settledAt: '2026-11-24T14:20:00.000Z', decisions: [decisionOf('bob', 'approve')] },
      }),
      narrows: requestOfToday({ ...before, narrowed: { ...narrowed, reason: null } }),
    },
    entries: [decided, entry('request.approved', {})],
  },
  narrowed: {
    view: {
      ...viewOfExport({ ...{ id: firstId, params: asked, narrowed }, ...end }),
      narrowedTo: viewOfExport({ id: lessId, narrows: firstId, params: less }).request,
    },
    entries: [entry('request.narrowed', {})],
  },
}
