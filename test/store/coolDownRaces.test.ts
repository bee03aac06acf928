import { expect, test } from 'vitest'
import { ask, click, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database. */
async function replicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store })
  const there: World = { ...here, store: second.store, ports: { ...here.ports, store: second.store } }
  return { here, there, pool: first.pool }
}

test('two-replicas: of what is asked at both while one denies it, nothing that came after the denial asks people', async () => {
  const { here, there, pool } = await replicas()
  const { id } = await ask(here, 'deploy.start')

  const [, ...asked] = await Promise.all([
    click(there, id, 'U0GRACE', { kind: 'deny' }),
    ...Array.from({ length: 15 }, (_, nth) => ask(nth % 2 ? here : there, 'deploy.start')),
  ])

  const { rows } = await pool.query<{ id: string; after: boolean }>(
    `SELECT request_id AS id, position > (SELECT position FROM entries WHERE request_id = $1 AND type = 'request.denied')
       AS after FROM entries WHERE type = 'request.submitted' AND request_id <> $1`,
    [id],
  )
  const after = new Map(rows.map((row) => [row.id, row.after]))
  expect(after.size).toBe(15)
  for (const request of asked)
    expect(request).toMatchObject(
      after.get(request.id) ? { state: 'denied', verdict: { code: 'cooling_down' } } : { state: 'pending' },
    )
})
