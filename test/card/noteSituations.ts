import type { Note } from '../../src/core/note.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { requestOfToday } from '../support/people.ts'
import { entry } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { hostile, viewOfExport } from './views.ts'

const at = '2026-11-24T14:09:00.000Z'
const bob = { by: 'per_bob', account: 'slack:T0ACME:U0BOB', at } as const

/** The first two are earlier than what a card has room for. */
const notes: readonly Note[] = [
  { ...bob, id: 'note_1', kind: 'changes', text: 'Only the counts, please.' },
  { id: 'note_2', kind: 'answer', by: 'agent', account: null, at, to: 'note_1', text: 'I can do that.' },
  { ...bob, id: 'note_3', kind: 'question', text: hostile },
  {
    ...{ id: 'note_4', kind: 'answer', at, to: 'note_3', text: 'The board does.' },
    ...{ by: 'per_alice', account: 'slack:T0ACME:U0ALICE' },
  },
  { id: 'note_5', kind: 'answer', by: 'agent', account: null, at, to: 'note_3', text: hostile },
]

const noted = viewOfExport({ notes })

const before: ActionRequest = exportRequest({ id: 'req_01ka0000000000000000000000', notes })

/** What is asked instead: fewer rows of other columns. */
const revision = {
  ...viewOfExport({
    revises: before.id,
    params: { table: 'users', rows: 10, columns: ['id'], limit: '<!here>' },
  }),
  revised: requestOfToday(before),
}

const revised = viewOfExport({
  ...{ state: 'cancelled', outcome: 'Revised: req_01kc was asked instead.', revisedBy: 'req_01kc' },
  ...{ settledAt: '2026-11-24T14:20:00.000Z', notes },
})

/** What is said about a request while it is pending, and what is asked instead of one. */
export const noteSituations: Readonly<Record<string, Situation>> = {
  noted: {
    view: noted,
    entries: notes.map(({ id }) => entry('note.written', { data: { note: id } })),
  },
  revision: { view: revision },
  revised: { view: revised, entries: [entry('request.cancelled', {})] },
}
