import { expect, test } from 'vitest'
import { reportHtml } from '../../../src/evidence/report/reportHtml.ts'
import type { EntryType } from '../../../src/ledger/entry.ts'
import { asks, figuresOf, type Line, madeRecord } from './madeRecord.ts'

const period = { since: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' }
const at = '2026-11-10T08:00:00.000Z'
const calm = 'Nothing on record in this period asks for an explanation'

const reportOf = (...lines: readonly Line[]) =>
  reportHtml(figuresOf(madeRecord([asks('req_1', at), ...lines]), period))

test('control: a period in which nothing went wrong is said to be calm', () => {
  expect(reportOf()).toContain(calm)
})

test.each<[EntryType, string]>([
  ['ledger.resumed', '1 gap in the ledger'],
  ['anchor.disputed', '1 disputed anchor'],
  ['grant.refused', '1 refused grant'],
  ['token.refused', '1 refused token'],
  ['lease.expires', '1 credential that could not be taken back'],
  ['claims.alarmed', '1 alarm about claims'],
  ['confirmation.disowned', '1 disowned claim'],
])('%s needs a look', (type, says) => {
  const report = reportOf({ type, at, request: 'req_1' })

  expect(report).toContain(says)
  expect(report).not.toContain(calm)
})
