import { type Difference, differenceKinds } from '../../src/card/difference.ts'
import { type Earlier, storedEarlier } from '../../src/card/earlier.ts'
import { exportWith } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, hostile, viewOfExport } from './views.ts'

const usual: Earlier = {
  ...{ nth: 3, answered: 44, approved: 41, deviated: 1, isCut: false, more: 0 },
  ...{ last: { request: 'req_before', isSame: false }, differences: [] },
}
const approved = viewOfExport({
  id: 'req_before',
  state: 'succeeded',
  params: { table: 'users', rows: 5_000, columns: ['id'] },
  decisions: [{ ...decisionOf('bob', 'approve'), at: '2026-11-22T10:00:00.000Z' }],
}).request
const erased: typeof approved = {
  ...approved,
  action: { ...approved.action, params: {} },
  erased: { at: '2026-11-23T10:00:00.000Z', entry: 'ent_1', digest: 'salted' },
}

function asked(earlier: Partial<Earlier>, precedent: typeof approved | null = approved): Situation {
  const { verdict } = viewOfExport().request
  const facts = { ...verdict.facts, earlier: storedEarlier({ ...usual, ...earlier }) }
  return { view: { ...exportWith({ judged: { facts } }), ...(precedent && { precedent }) } }
}

const differs: readonly Difference[] = [
  { kind: 'more', path: 'rows', value: 250_000 },
  { kind: 'added', path: 'columns[]', value: 'email' },
]

/** What the record says of what was asked before. */
export const earlierSituations: Readonly<Record<string, Situation>> = {
  'asked-before': asked({ last: { request: 'req_before', isSame: true } }),
  'asked-before-and-differs': asked({ differences: differs }),
  'asked-before-and-erased': asked({ differences: differs }, erased),
  'asked-for-the-first-time': asked(
    { nth: 1, answered: 0, approved: 0, deviated: 0, last: null, differences: null },
    null,
  ),
  'asked-before-hostile': asked({
    ...{ isCut: true, more: 7 },
    differences: differenceKinds.map((kind) => ({ kind, path: hostile, value: hostile })),
  }),
}
