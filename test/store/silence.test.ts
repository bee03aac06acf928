import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { usualLimits } from '../../src/store/pool.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { relayTo } from '../support/relay.ts'
import { submission } from './made.ts'
import { silent } from './opened.ts'

/** A store behind a relay that gives up soon what does not answer. */
async function behindRelay() {
  const databaseUrl = await freshDatabase()
  const relay = await relayTo(databaseUrl)
  const limits = { ...usualLimits, silent: 2_000, connect: 2_000, goodbye: 300 }
  const open = await openStore({ databaseUrl: relay.url, log: silent, limits })
  onTestFinished(() => open.close())
  return { ...open, relay, databaseUrl }
}

test('a commit whose connection went silent is of unknown outcome, is not sent again, and stops no other', async () => {
  const { store, relay, databaseUrl } = await behindRelay()
  const change = submission()
  await store.commit(submission())

  const lost = store.commit(change).then(null, (error: unknown) => error)
  relay.silence()
  const others = await Promise.allSettled([store.commit(submission()), store.commit(submission())])

  expect(await lost).toMatchObject({ name: 'StoreUnavailable', reason: 'away', unknown: true })
  expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query('SELECT count(*)::int AS n FROM action_requests WHERE id = $1', [change.request?.next.id]),
  )
  expect(rows[0]?.n).toBeLessThanOrEqual(1)
})

test('closing ends although nothing answers, with commits on their way', async () => {
  const { store, close, relay } = await behindRelay()
  await Promise.all([1, 2, 3, 4].map(() => store.agents()))
  relay.silence('newToo')
  const lost = store.commit(submission()).then(null, (error: unknown) => error)

  await close()

  expect(await lost).toMatchObject({ name: 'StoreUnavailable' })
})

test('after closing whoever still asks hears that this process ends', async () => {
  const { store, close } = await behindRelay()
  await close()

  await expect(store.agents()).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'ending' })
  await expect(store.commit(submission())).rejects.toMatchObject({ reason: 'ending', unknown: false })
})
