import { expect, test } from 'vitest'
import { defaultLimits } from '../../src/http/limits.ts'
import { freshDatabase } from '../support/database.ts'
import { recordOf } from './record.ts'
import { agentWith, allowedBody, exportBody, serve, temporaryDirectory } from './serve.ts'

test('flood: four hundred requests of one agent are limited, and another agent does not notice', async () => {
  const database = await freshDatabase()
  const { url, sandbox } = await serve({ DATABASE_URL: database, DATA_DIR: temporaryDirectory() })
  const [noisy, quiet] = (sandbox?.agents ?? []).map(({ key }) => agentWith(key))
  const kept = await noisy?.ask(url, exportBody)

  const began = performance.now()
  const flood = Promise.all(Array.from({ length: 400 }, () => noisy?.ask(url, allowedBody)))
  const polite = await Promise.all(Array.from({ length: 10 }, () => quiet?.ask(url, allowedBody)))
  const heard = await flood

  expect(polite.map((one) => one?.status)).toEqual(Array(10).fill(201))
  const seconds = (performance.now() - began) / 1_000
  const refused = heard.filter((one) => one?.status === 429)
  for (const one of refused) {
    expect(one?.body).toMatchObject({ code: 'rate_limited' })
    expect(Number(one?.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const allowed = heard.filter((one) => one?.status === 201)
  expect(allowed.length + refused.length).toBe(400)
  const { burst, perSecond } = defaultLimits.submissions
  // On a machine that takes long over four hundred requests that is all of them; test/http has the same without time.
  // What policy allows counts a fifth.
  expect(allowed.length).toBeLessThanOrEqual(5 * (burst + Math.ceil(perSecond * seconds)))
  expect(await recordOf(database).count('request.submitted')).toBe(allowed.length + polite.length + 1)
  expect(await noisy?.wait(url, kept?.id ?? '', 0)).toMatchObject({ status: 200, state: 'pending' })
})
