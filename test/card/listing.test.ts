import { describe, expect, test } from 'vitest'
import { listedRows } from '../../src/card/listing.ts'
import { kept } from './impact.ts'
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
      '"«billing-agent ≤60» for per_alice by name · «rows: 10 ≤200» · «columns: [\\"id\\"] ≤200» · 0 of 2 agreed"',
      '"«billing-agent ≤60» for per_alice by name · «rows: 250000 ≤200» · «columns: [\\"id\\"] ≤200» · 0 of 2 agreed"',
      '"«billing-agent ≤60» for per_alice by name · «rows: 10 ≤200» · «columns: [\\"id\\", \\"email\\"] ≤200» · 0 of 2 agreed"',
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

  test('look-alike: by numbers and what rules compared before the alphabet, and say that there is more', () => {
    const params = (rows: number, nth: string) => ({
      a: nth,
      b: nth,
      columns: [nth],
      destination: `s3://${nth}`,
      rows,
    })
    const { verdict } = viewOfExport().request
    const judged = { ...verdict, facts: { ...verdict.facts, because: kept.because } }
    const rows = about(
      viewOfExport({ params: params(12, 'x') }),
      viewOfExport({ params: params(250_000, 'y'), verdict: judged }),
    )

    expect(rows[0]).toContain(
      '«rows: 12 ≤200» · «columns: [\\"x\\"] ≤200» · «destination: \\"s3://x\\" ≤200» · 2 more differ',
    )
    expect(rows[1]).toContain('«rows: 250000 ≤200»')
  })

  test('look-alike: by the place where long texts differ', () => {
    const long = `s3://acme-lake-in/${'exports/'.repeat(10)}`
    const sql = (end: string) => ({
      sql: `SELECT id,\n  email\nFROM warehouse.users\nWHERE customer_id < ${end}\n`,
    })

    expect(
      about(
        viewOfExport({ params: { to: `${long}a.csv` } }),
        viewOfExport({ params: { to: `${long}b.csv` } }),
      ),
    ).toEqual([
      expect.stringContaining('«to: \\"s3://acme-lake-…exports/a.csv\\" ≤200»'),
      expect.stringContaining('«to: \\"s3://acme-lake-…exports/b.csv\\" ≤200»'),
    ])
    expect(about(viewOfExport({ params: sql('12') }), viewOfExport({ params: sql('999999') }))).toEqual([
      expect.stringMatching(/SELECT id,.*…er_id < 12/),
      expect.stringMatching(/SELECT id,.*…er_id < 999999/),
    ])
    const lists = [
      ['m', 'n'],
      ['m', 'o'],
    ].map((list) => viewOfExport({ params: { list: ['k'.repeat(80), ...list] } }))
    expect(about(...lists).map((row) => /(.)\\"\] ≤200/.exec(row ?? '')?.[1])).toEqual(['n', 'o'])
  })

  test('look-alike: by their digests, where nothing that is shown tells them apart', () => {
    const views = ['a', 'b'].map((nth) => ({
      a: Number(nth === 'a'),
      b: Number(nth === 'a'),
      c: Number(nth === 'a'),
      d: 1,
    }))
    const hidden = [
      { ...views[0], z: 1 },
      { ...views[0], z: 2 },
      { ...views[1], z: 3 },
    ].map((params) => ({
      a: params.a ?? 0,
      b: params.b ?? 0,
      c: params.c ?? 0,
      z: params.z,
    }))

    const rows = about(...hidden.map((params) => viewOfExport({ params })))

    expect(rows[0]).toContain('1 more differ · sha256 ')
    expect(rows[1]).toContain('1 more differ · sha256 ')
    expect(rows[2]).not.toContain('sha256')
    expect(rows[0]).not.toBe(rows[1])
  })

  test('control: alone, or all alike, no parameter is repeated', () => {
    expect(about(viewOfExport())[0]).not.toContain('rows')
    expect(about(viewOfExport(), viewOfExport())[1]).not.toContain('rows')
  })
})
