import { describe, expect, test } from 'vitest'
import { listedRows } from '../../src/card/listing.ts'
import { decisionOf, viewOfExport } from './views.ts'
import { written } from './written.ts'

const now = Date.parse('2026-11-24T14:21:30.000Z')
const about = (...views: Parameters<typeof listedRows>[0]) =>
  listedRows(views, now).map((row) => written(row.about))

describe('requests in a list', () => {
  test('are told apart by the parameters in which they differ', () => {
    const rows = about(
      viewOfExport({ params: { table: 'users', rows: 10, columns: ['id'] } }),
      viewOfExport({ params: { table: 'users', rows: 250_000, columns: ['id'] } }),
      viewOfExport({ params: { table: 'users', rows: 10, columns: ['id', 'email'] } }),
    )

    expect(rows).toEqual([
      '"«billing-agent ≤60» for per_alice by name · «columns: [\\"id\\"] ≤80» · «rows: 10 ≤80» · 0 of 2 agreed"',
      '"«billing-agent ≤60» for per_alice by name · «columns: [\\"id\\"] ≤80» · «rows: 250000 ≤80» · 0 of 2 agreed"',
      '"«billing-agent ≤60» for per_alice by name · «columns: [\\"id\\", \\"email\\"] ≤80» · «rows: 10 ≤80» · 0 of 2 agreed"',
    ])
  })

  test('say who asks, what is filled, and what is left of their time', () => {
    const filled = viewOfExport({
      decisions: [decisionOf('bob', 'approve')],
      filled: [['data', ['per_bob']]],
    })
    const [row] = listedRows([filled], now)

    expect(written(row?.about)).toBe('"«billing-agent ≤60» for per_alice by name · 1 of 2 agreed"')
    expect(written(row?.state)).toBe(
      '"*Approval needed*, asked {2026-11-24T14:03:00.000Z day}, until {2026-11-24T15:03:00.000Z day} (41 minutes left)"',
    )
  })

  test('say their state in words for people', () => {
    const states = [
      viewOfExport({ state: 'approved' }),
      viewOfExport({
        state: 'approved',
        brokenGlass: {
          person: 'per_bob',
          account: 'slack:T0ACME:U0BOB',
          reason: 'r',
          at: '',
          via: 'slack',
          reviewBy: '',
          review: null,
        },
      }),
    ]

    expect(listedRows(states, now).map(({ state }) => written(state).split(',')[0])).toEqual([
      '"*Approved*',
      '"*Glass broken',
    ])
  })

  test('look-alike: a name from right to left turns nothing beside it', () => {
    const [row] = listedRows(
      [
        viewOfExport({
          action: { action: 'סוכן', resource: { type: 't', id: 'i' }, params: {}, environment: 'prod' },
        }),
      ],
      now,
    )

    expect(row?.summary).toBe('\u2068סוכן\u2069 on t i in prod')
  })

  test('look-alike: carry the marks of their cards', () => {
    const odd = [
      { to: 'https://p\u0430ypal.com/x' },
      { to: 's3://\u0430cme-lake-in/x' },
      { note: 'a\u202eb' },
      {},
    ]
    const rows = odd.map((params) => about(viewOfExport({ params }))[0]?.split(' · ')[0])

    expect(rows).toEqual([
      '"⚠ look-alike name',
      '"⚠ look-alike name',
      '"⚠ hidden characters',
      '"«billing-agent ≤60» for per_alice by name',
    ])
  })

  test('control: alone, or all alike, no parameter is repeated', () => {
    expect(about(viewOfExport())[0]).not.toContain('rows')
    expect(about(viewOfExport(), viewOfExport())[1]).not.toContain('rows')
  })
})
