import { expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, allowedBody, exportBody, serve, temporaryDirectory } from './serve.ts'

/** Without an initiator: looking one up would meet the pace of Slack, which is another limit. */
const { initiator: _, ...body } = allowedBody

test('flood: two hundred requests of one agent are limited, and another agent does not notice', async () => {
  const database = await freshDatabase()
  const { url, sandbox } = await serve({ DATABASE_URL: database, DATA_DIR: temporaryDirectory() })
  const [noisy, quiet] = (sandbox?.agents ?? []).map(({ key }) => agentWith(key))
  const kept = await noisy?.ask(url, exportBody)

  const flood = Promise.all(Array.from({ length: 200 }, () => noisy?.ask(url, body)))
  const polite = await Promise.all(Array.from({ length: 10 }, () => quiet?.ask(url, body)))
  const heard = await flood

  expect(polite.map((one) => one?.status)).toEqual(Array(10).fill(201))
  const refused = heard.filter((one) => one?.status === 429)
  expect(refused.length).toBeGreaterThan(80)
  for (const one of refused) {
    expect(one?.body).toMatchObject({ code: 'rate_limited' })
    expect(Number(one?.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const allowed = heard.filter((one) => one?.status === 201)
  expect(allowed.length + refused.length).toBe(200)
  expect(await recordOf(database).count('request.submitted')).toBe(allowed.length + polite.length + 1)
  expect(await noisy?.wait(url, kept?.id ?? '', 0)).toMatchObject({ status: 200, state: 'pending' })
})
