import { expect, test } from 'vitest'
import { narrowMarks } from '../../../src/policy/narrowMarks.ts'
import { bundle, judge } from './judge.ts'

const ask = ['db.export', 'prod', 'table warehouse.users'] as const
const columns = ['id', 'email']

test('of an export people may lower the rows and leave columns out, and of a token the time and the scopes', () => {
  const marked = [...bundle.catalogue].flatMap(([action, known]) =>
    narrowMarks(known).map(([name]) => `${action} ${name}`),
  )
  expect(marked).toEqual([
    'db.export rows',
    'db.export columns',
    'iam.token.create scopes',
    'iam.token.create ttl_hours',
  ])
})

test('an export that asks says what may be lowered; one that is allowed, or has nothing to lower, says nothing', () => {
  const asks = judge(ask, { params: { table: 'users', rows: 250_000, columns } })
  expect(asks.verdict.facts.narrowable).toEqual({ rows: { min: 1 }, columns: 'items' })
  const least = judge(ask, { params: { table: 'users', rows: 1, columns: ['id'] } })
  expect(least.verdict).toMatchObject({ kind: 'require_approval' })
  expect(least.verdict.facts).not.toHaveProperty('narrowable')
  const allowed = judge(['db.export', 'staging', 'table staging_warehouse.events'], {
    params: { table: 'events', rows: 900, columns: ['id', 'name'] },
  })
  expect(allowed.verdict).toMatchObject({ kind: 'allow' })
  expect(allowed.verdict.facts).not.toHaveProperty('narrowable')
})
