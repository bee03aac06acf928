import { personOfToday } from '../support/people.ts'
import type { Situation } from './situations.ts'
import { viewOfExport } from './views.ts'

/** Requests about which an alarm is raised that is not about a broken glass. */
export const alarmSituations: Readonly<Record<string, Situation>> = {
  // The owner is shown as such, and the initiator too: the others only the agent names.
  'named-by-the-agent': {
    view: viewOfExport({
      behind: [
        { person: 'per_alice', role: 'initiator' },
        { person: 'per_lee', role: 'agent_owner' },
        { person: 'per_lee', role: 'key_creator' },
        { person: 'per_bob', role: 'involved' },
        { person: 'per_lee', role: 'involved' },
        { person: 'per_sam', role: 'involved' },
      ],
    }),
    alarm: {
      why: 'claims',
      legs: [
        { leg: 'data', taken: 2, left: 1, needed: 1 },
        { leg: 'security', taken: 1, left: 0, needed: 1 },
      ],
    },
  },
  'own-attempts': {
    view: viewOfExport(),
    alarm: {
      why: 'own_attempts',
      over: 'request',
      tried: [
        { person: personOfToday('per_alice'), times: 2 },
        { person: personOfToday('per_lee'), times: 1 },
      ],
      notTo: [],
    },
  },
  'own-attempts-over-requests': {
    view: viewOfExport(),
    alarm: {
      why: 'own_attempts',
      over: 'hour',
      tried: [{ person: personOfToday('per_lee'), times: 5 }],
      notTo: [],
    },
  },
}
