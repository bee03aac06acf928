import { describe, expect, test } from 'vitest'
import { differencesFrom, type KnownNames } from '../../src/card/differences.ts'
import type { Json } from '../../src/core/json.ts'

const nothingKnown: KnownNames = { isHarmless: () => false, names: new Set() }

interface Made {
  readonly params?: Record<string, Json>
  readonly resource?: string
  readonly environment?: string
}

function asked({ params = {}, resource = 'users', environment = 'prod' }: Made) {
  const action = { action: 'db.export', resource: { type: 'table', id: resource }, params, environment }
  return { action, createdAt: '2026-11-24T14:00:00.000Z' }
}

/** `kind path value`, of each. */
function differences(now: Made, approved: readonly Made[], known = nothingKnown) {
  const found = differencesFrom(asked(now), approved.map(asked), known)
  return found?.map(({ kind, path, value }) => `${kind} ${path} ${JSON.stringify(value)}`) ?? null
}

const of = (now: Record<string, Json>, ...approved: readonly Record<string, Json>[]) =>
  differences(
    { params: now },
    approved.map((params) => ({ params })),
  )

test('what people approved before differs in nothing', () => {
  const params = { rows: 10, columns: ['id', { a: null, b: [true, 'x'] }], at: '2026-11-24' }

  expect(of(params, params)).toEqual([])
})

test('with nothing that was approved there is nothing to compare with', () => {
  expect(of({ rows: 10 })).toBeNull()
})

describe('numbers', () => {
  test.each([
    ['more than ever', { n: 21 }, [{ n: 10 }, { n: 20 }], ['more n 21']],
    ['between two, or a little less', { n: 9 }, [{ n: 10 }, { n: 20 }], []],
    ['none', { n: 0 }, [{ n: 10 }], ['less n 0']],
    ['below nothing', { n: -1 }, [{ n: 0 }], ['less n -1']],
    ['with a unit', { ttl: '2d' }, [{ ttl: '24h' }], ['more ttl "2d"']],
    ['the same in another unit', { ttl: '1d' }, [{ ttl: '24h' }], []],
    ['that say which one', { account: 7 }, [{ account: 9 }], ['new account 7']],
    [
      'in digits, which may say which one',
      { to: '111122220000' },
      [{ to: '111122223333' }],
      ['new to "111122220000"'],
    ],
  ])('%s', (_, now, approved, says) => {
    expect(of(now, ...approved)).toEqual(says)
  })
})

describe('lists', () => {
  test.each([
    ['one more', { c: ['a', 'b'] }, [{ c: ['a'] }], ['added c[] "b"']],
    ['one less', { c: ['a'] }, [{ c: ['a', 'b'] }], []],
    ['each was there, and never so many', { c: ['a', 'b'] }, [{ c: ['a'] }, { c: ['b'] }], ['longer c[] 2']],
    [
      'one less of what is kept out',
      { exclude: ['a'] },
      [{ exclude: ['a', 'b'] }],
      ['dropped exclude[] "b"'],
    ],
    ['emptied, which may mean all', { c: [] }, [{ c: ['a'] }], ['gone c null']],
  ])('%s', (_, now, approved, says) => {
    expect(of(now, ...approved)).toEqual(says)
  })
})

describe('texts', () => {
  test.each([
    ['another', { h: 'db-2' }, [{ h: 'db-1' }], ['new h "db-2"']],
    ['all', { h: '*' }, [{ h: 'db-1' }], ['wildcard h "*"']],
    ['one that looks the same', { h: 'аcme.test' }, [{ h: 'acme.test' }], ['lookalike h "аcme.test"']],
    ['always another one', { h: 'w4' }, [{ h: 'w1' }, { h: 'w2' }, { h: 'w3' }], []],
    ['two so far', { h: 'w4' }, [{ h: 'w1' }, { h: 'w2' }], ['new h "w4"']],
    [
      'always another one, and a host that is new',
      { u: 'https://b.example/4' },
      ['1', '2', '3'].map((n) => ({ u: `https://a.test/${n}` })),
      ['name u "b.example"'],
    ],
  ])('%s', (_, now, approved, says) => {
    expect(of(now, ...approved)).toEqual(says)
  })
})

test.each([
  ['a parameter', { a: 1 }, { a: 1, dry_run: true }, ['gone dry_run null']],
  ['something within one', { o: { a: 1 } }, { o: { a: 1, locked: true } }, ['gone o.locked null']],
])('what every approved one said is missed: %s', (_, now, approved, says) => {
  expect(of(now, approved)).toEqual(says)
})

test.each([
  ['a longer stretch', { from: '2025-11-01', to: '2026-11-02' }, ['wider from 366']],
  ['one as long, at another time', { from: '2026-10-01', to: '2026-10-02' }, []],
])('%s of time', (_, now, says) => {
  expect(of(now, { from: '2026-11-01', to: '2026-11-02' })).toEqual(says)
})

describe('a name cannot pass for a place where something was approved', () => {
  test.each([
    ['with a dot', { 'a.b': 1 }, { a: { b: 1 } }],
    ['of a list', { 'a[]': 1 }, { a: [1] }],
    ['in quotes', { '"a.b"': 1 }, { 'a.b': 1 }],
  ])('%s', (_, now, approved) => {
    expect(of(now, approved)?.join()).toContain('new ')
  })
})

describe('where it is', () => {
  test('another environment or resource is new, and there only what was approved there counts', () => {
    const approved = [
      { environment: 'staging', params: { force: true } },
      { environment: 'prod', params: { force: false } },
    ]

    expect(differences({ params: { force: true } }, approved)).toEqual(['new force true'])
    expect(differences({ environment: 'live', params: { force: true } }, approved)).toEqual([
      'new environment "live"',
    ])
    expect(differences({ resource: 'orders', params: { force: false } }, approved)).toEqual([
      'new resource "orders"',
    ])
  })

  const known: KnownNames = {
    isHarmless: (name, environment) => name === 'events' && environment === 'prod',
    names: new Set(['events', 'acme-lake']),
  }

  test('what the inventory knows as harmless may be new; control: elsewhere it may not', () => {
    expect(differences({ resource: 'events' }, [{}], known)).toEqual([])
    expect(
      differences({ resource: 'events', environment: 'test' }, [{ environment: 'test' }], known),
    ).toEqual(['new resource "events"'])
  })

  test('what looks like a name of the inventory is told as that', () => {
    const now = { params: { bucket: 'acme-1ake' } }

    expect(differences(now, [{ params: { bucket: 'other' } }], known)).toEqual([
      'lookalike bucket "acme-1ake"',
    ])
  })
})

test('too much to look at is not compared', () => {
  const columns = Array.from({ length: 600 }, (_, nth) => `c${nth}`)

  expect(of({ columns }, { columns: ['a'] })).toBeNull()
})
