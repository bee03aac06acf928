import { expect, test } from 'vitest'
import { batchOf, prepare } from '../../src/store/batch.ts'
import { withClient } from '../support/database.ts'
import { activate } from './contractPolicies.ts'
import { at, madeLine, madeRequest, newId, submission } from './made.ts'
import { opened } from './opened.ts'

const judged = (digit: string) => submission(madeRequest(), { judgedBy: `sha256:${digit}` })
const activation = (digit: string, expected: string | null) => ({
  policy: {
    version: { digest: `sha256:${digit}`, filesDigest: `sha256:f${digit}`, name: digit, files: {} } as const,
    activation: newId('act'),
    expected: expected === null ? null : (`sha256:f${expected}` as const),
    at,
  },
  entries: [madeLine({ request: null })],
})

/** What becomes of changes that share one statement, in their order. */
async function outcomesOf(databaseUrl: string, changes: Parameters<typeof prepare>[0][]) {
  const { text } = batchOf(changes.map(prepare))
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ outcome: string }>('SELECT outcome FROM countersign_commit($1::jsonb) ORDER BY n', [text]),
  )
  return rows.map(({ outcome }) => outcome)
}

test('in one batch, what stands before an activation is judged by the old policy, what stands after by the new', async () => {
  const { store, databaseUrl } = await opened()
  await activate(store, '1')

  const changes = [judged('1'), judged('2'), activation('2', '1'), judged('1'), judged('2')]

  expect(await outcomesOf(databaseUrl, changes)).toEqual([
    'applied',
    'outdated',
    'applied',
    'outdated',
    'applied',
  ])
  expect(await store.requests({ limit: 10 })).toHaveLength(2)
})

test('an activation that is refused changes nothing for what stands after it', async () => {
  const { store, databaseUrl } = await opened()
  await activate(store, '1')

  expect(await outcomesOf(databaseUrl, [activation('2', '3'), judged('1'), judged('2')])).toEqual([
    'conflict',
    'applied',
    'outdated',
  ])
})

test('the first activation counts in its own batch too', async () => {
  const { databaseUrl } = await opened()
  const unjudged = submission(madeRequest(), { judgedBy: null })

  expect(await outcomesOf(databaseUrl, [unjudged, activation('1', null), judged('1')])).toEqual([
    'applied',
    'applied',
    'applied',
  ])
})

test('while two replicas ask and a third activates, no request is newer than the policy that replaced its own', async () => {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  await activate(first.store, '1')

  const asks = Array.from({ length: 60 }, (_, n) => (n % 2 ? first : second).store.commit(judged('1')))
  const activated = second.store.commit(activation('2', '1'))
  const later = Array.from({ length: 60 }, (_, n) => (n % 2 ? first : second).store.commit(judged('1')))
  const outcomes = await Promise.all([...asks, ...later])

  expect(await activated).toBe('applied')
  expect(new Set(outcomes)).toEqual(
    new Set(outcomes.includes('applied') ? ['applied', 'outdated'] : ['outdated']),
  )
  // The order of entries is the order of commits: nothing that the old policy judged stands behind its successor.
  const { rows } = await first.pool.query<{ late: string }>(
    `SELECT count(*) AS late FROM entries WHERE type = 'request.submitted' AND request_id IS NOT NULL
     AND position > (SELECT position FROM entries WHERE request_id IS NULL)`,
  )
  expect(rows).toEqual([{ late: '0' }])
})

test('a process of a version with the same functions, which does not say by what it judged, can still write while it is replaced', async () => {
  const { store, databaseUrl } = await opened()
  await activate(store, '1')
  const { rows: tables, ...prepared } = prepare(judged('1'))

  const older = { ...prepared, rows: { ...tables, changes: [JSON.stringify({ delivery: null })] } }

  const { rows } = await withClient(databaseUrl, (client) =>
    client.query('SELECT outcome FROM countersign_commit($1::jsonb)', [batchOf([older]).text]),
  )
  expect(rows).toEqual([{ outcome: 'applied' }])
})
