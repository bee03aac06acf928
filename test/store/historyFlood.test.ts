import { expect, test } from 'vitest'
import { madeRequest, submission } from './made.ts'
import { opened } from './opened.ts'

test('flood: a page of a history looks through so many requests and no more, and says where the next one begins', async () => {
  const { store, pool } = await opened()
  const first = madeRequest()
  await store.commit(submission(first))
  // What policy allowed at once, of which somebody else is the initiator.
  await pool.query(
    `INSERT INTO action_requests SELECT (json_populate_record(one, json_build_object(
       'id', 'req_z' || lpad(nth::text, 25, '0'), 'expires_at', NULL, 'idempotency_key', nth::text, 'state', 'approved'))).*
     FROM action_requests one, generate_series(1, 6000) nth WHERE one.id = $1`,
    [first.id],
  )

  const page = await store.history({ behind: [], limit: 100 })
  expect(page).toEqual({ requests: [], next: `req_z${'1001'.padStart(25, '0')}` })
  const rest = await store.history({ behind: [], limit: 100, before: page.next ?? '' })
  expect(rest).toEqual({ requests: [first], next: null })
})
