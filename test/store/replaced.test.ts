import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { functionsVersion, readFunctions } from '../../src/store/functions.ts'
import { migrate } from '../../src/store/migrate.ts'
import { withClient } from '../support/database.ts'
import { approval, madeRequest, submission } from './made.ts'
import { opened, silent } from './opened.ts'

/** A process at work, and what a newer version does when it starts beside it. */
async function atWork() {
  const open = await opened()
  const request = madeRequest()
  await open.store.commit(submission(request))
  const newer = { ...(await readFunctions({ version: functionsVersion + 1 })), checksum: 'newer' }
  return { ...open, request, replace: () => migrate(open.pool, silent, { functions: newer }) }
}

const isReplaced = (error: unknown): boolean =>
  error instanceof StoreUnavailable && error.reason === 'replaced'

const fault = {
  name: 'StoreFault',
  code: 'newer_functions',
  message: expect.stringContaining('no longer writes anything'),
  fix: expect.stringContaining('Start the version that the other servers run'),
}

test('older-version: a process beside a newer one does not write, and hears of it with its first try', async () => {
  const { store, request, replace, replaced } = await atWork()
  await replace()
  expect(replaced.aborted).toBe(false)

  const refused = await store.commit(approval(request)).catch((error: unknown) => error)

  expect(refused).toSatisfy(isReplaced)
  expect(refused).toMatchObject({ unknown: false })
  expect(replaced.reason).toMatchObject(fault)
  expect(await store.request(request.id)).toEqual(request)
})

test('one that nobody asks for anything hears of it with its next beat, which is not written either', async () => {
  const { store, replace, replaced } = await atWork()
  const beat = () => store.beat({ id: 'rep_1', name: 'host', policy: null })
  await beat() // control: before, it is written
  const [before] = await store.replicas()
  await replace()

  await expect(beat()).rejects.toSatisfy(isReplaced)
  await expect(store.beat({ id: 'rep_2', name: 'other', policy: null })).rejects.toSatisfy(isReplaced)

  expect(replaced.reason).toMatchObject(fault)
  expect((await store.replicas()).map(({ id }) => id)).toEqual([before?.id])
})

test('a commit that is on its way while a newer version takes over is not written after it', async () => {
  const { store, request, databaseUrl } = await atWork()
  await withClient(databaseUrl, async (upgrade) => {
    await upgrade.query('BEGIN; SELECT pg_advisory_xact_lock(7305808869230650227)')
    await upgrade.query(`INSERT INTO function_sets VALUES (${functionsVersion + 1}, 'newer')`)
    const commit = store.commit(approval(request)).catch((error: unknown) => error)
    const waits = () =>
      withClient(databaseUrl, (client) =>
        client.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),
      ).then(({ rowCount }) => rowCount)
    await expect.poll(waits).toBe(1)

    await upgrade.query('COMMIT')

    expect(await commit).toSatisfy(isReplaced)
  })
  expect(await store.request(request.id)).toEqual(request)
})

test('a newer version waits for the commit that is on its way', async () => {
  const { store, request, replace, databaseUrl } = await atWork()
  await withClient(databaseUrl, async (older) => {
    await older.query('BEGIN; SELECT pg_advisory_xact_lock(7305808869230650227)') // as a commit does
    const order: string[] = []
    const upgrade = replace().then(() => order.push('upgrade'))
    const waits = () =>
      older
        .query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
        )
        .then(({ rowCount }) => rowCount)
    await expect.poll(waits).toBe(1)
    order.push('commit')
    await older.query('COMMIT')
    await upgrade

    expect(order).toEqual(['commit', 'upgrade'])
  })
  await expect(store.commit(approval(request))).rejects.toSatisfy(isReplaced)
})

test('control: who does not say which functions it was made for has none, who says the right ones writes', async () => {
  const { databaseUrl } = await atWork()

  for (const batch of [
    '{"changes": []}',
    '{"changes": [], "functions": null}',
    '{"changes": [], "functions": 0}',
  ])
    await expect(
      withClient(databaseUrl, (client) => client.query('SELECT * FROM countersign_commit($1)', [batch])),
    ).rejects.toMatchObject({ code: 'VN001' })
  const current = `{"changes": [{"n": 0}], "functions": ${functionsVersion}}` // control
  await expect(
    withClient(databaseUrl, (client) => client.query('SELECT * FROM countersign_commit($1)', [current])),
  ).resolves.toMatchObject({ rows: [{ n: 0, outcome: 'applied' }] })
})
