import type { RequestView } from '../../src/card/view.ts'
import { personOfToday } from '../support/people.ts'
import { entry, exportWith, path, settled } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, hostile, viewOfExport } from './views.ts'

const held: NonNullable<RequestView['held']> = {
  stop: 'stp_01kb',
  scope: 'agent',
  reason: `It exports far too much. ${hostile}`,
  by: { person: personOfToday('per_sam') },
  since: '2026-11-24T14:12:00.000Z',
}

/** Requests that a stop holds, or whose approval it took back. */
export const stoppedSituations: Readonly<Record<string, Situation>> = {
  'stopped-held': {
    view: {
      ...exportWith({
        decisions: [decisionOf('bob', 'approve')],
        filled: [['data', ['per_bob']]],
        demands: { breakGlass: path },
      }),
      held,
    },
  },
  'stopped-liftable': {
    view: {
      ...exportWith({ demands: { legs: [], breakGlass: path }, judged: { kind: 'deny', breakGlass: path } }),
      held: { ...held, scope: 'everything', by: 'operator' },
    },
  },
  'stopped-by-policy': { view: { ...viewOfExport(), held: { ...held, by: 'policy' } } },
  'stopped-revoked': {
    view: viewOfExport({
      ...settled('revoked'),
      revokedBy: 'stop',
      outcome: 'Revoked, because the agent billing-agent was stopped.',
    }),
    entries: [entry('request.revoked')],
  },
  'stop-resumed': {
    view: viewOfExport(settled('approved')),
    entries: [
      entry('stop.resumed'),
      entry('resume.refused', { data: { why: 'nobody_decided' } }),
      entry('resume.refused', { data: { why: 'resumed_already' } }),
    ],
  },
}
