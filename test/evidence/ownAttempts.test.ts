import { expect, test } from 'vitest'
import { measures } from '../../src/evidence/measures.ts'
import { ocsfLines } from '../../src/evidence/ocsf/lines.ts'
import { matches } from '../../src/evidence/query.ts'
import { figuresOf, madeRecord } from './report/madeRecord.ts'

test('self-approvals are the same ones in the numbers of a pack, in the report and in OCSF', () => {
  const measure = measures.find(({ id }) => id === 'own_attempts')
  const told = ocsfLines['decision.refused']
  for (const kind of ['approve', 'break_glass', 'close_review', 'deny'])
    for (const code of ['own_request', 'own_break_glass', 'not_in_leg']) {
      const isOwn = kind !== 'deny' && code !== 'not_in_leg'
      const record = madeRecord([
        { type: 'decision.refused', at: '2026-12-01T00:00:00.000Z', request: 'req_1', data: { kind, code } },
      ])
      const { attempts } = figuresOf(record, {
        since: '2026-12-01T00:00:00.000Z',
        until: '2026-12-02T00:00:00.000Z',
      })
      const line = 'of' in told ? told.of({ kind, code }) : told

      expect(record.filter((one) => measure && matches(one, measure.count)).length, `${kind} ${code}`).toBe(
        isOwn ? 1 : 0,
      )
      expect(attempts.own.count, `${kind} ${code}`).toBe(isOwn ? 1 : 0)
      expect(line.severity === 'high', `${kind} ${code}`).toBe(isOwn)
    }
})
