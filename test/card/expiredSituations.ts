import { entry, settled } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, viewOfExport } from './views.ts'

const lateAt = '2026-11-24T14:12:00.000Z'

/** Requests that expired, or that policy denied at the last moment, and what may be said of them besides. */
export const expiredSituations: Readonly<Record<string, Situation>> = {
  'expired-unreached': {
    view: viewOfExport({ ...settled('expired'), unreached: true }),
    entries: [entry('request.expired')],
  },
  'denied-at-release': {
    view: viewOfExport({
      ...settled('denied'),
      decisions: [decisionOf('sam', 'approve', null)],
      overruled: true,
      outcome:
        'Policy has come to deny this since it was asked (rule exports.stop), so it was not released. No exports until *Monday*.',
    }),
    entries: [entry('request.denied')],
  },
  'cancelled-with-its-agent': {
    view: viewOfExport({
      ...settled('cancelled'),
      agentRevoked: true,
      outcome: 'Cancelled, because the agent was revoked.',
    }),
    entries: [entry('request.cancelled')],
  },
  'expired-then-denied': {
    view: viewOfExport({
      ...settled('expired'),
      decisions: [
        { ...decisionOf('sam', 'deny', 'Send the counts, not the *addresses*.'), at: lateAt, late: true },
      ],
    }),
    entries: [
      entry('request.expired'),
      entry('decision.made', {
        actor: { kind: 'person', id: 'per_sam', account: 'slack:T0ACME:U0SAM', via: 'slack' },
        data: { at: lateAt, kind: 'deny', late: true },
      }),
    ],
  },
}
