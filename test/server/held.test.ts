import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/approvals/storeUnavailable.ts'
import { firstPrune } from '../../src/approvals/webhooks/prune.ts'
import { withParts } from '../../src/server/compose.ts'
import { createHold } from '../../src/server/heldStore.ts'
import { ledgerAtStart } from '../../src/server/ledgerAtStart.ts'
import { opened, silent } from '../store/opened.ts'
import { recorded } from '../store/sealingWorld.ts'
import { copyOfDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { configOf, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace } from './workspace.ts'

/** Records something and lets its checkpoint leave the house. */
function grown(environment: Readonly<Record<string, string>>, count: number) {
  return withParts(
    configOf(environment),
    async (parts) => {
      await recorded(parts.store, count)
      const { stopSealing, stopAnchoring } = await ledgerAtStart(parts, { origin: null, log: silent })
      await stopSealing()
      await stopAnchoring()
    },
    { withoutPeople: true },
  )
}

/** A server on a restored backup, whose anchor has lost sight of what it has; it streams to a file. */
async function servedBackup() {
  const workspace = await openWorkspace()
  const directory = temporaryDirectory()
  const at = (name: string) => join(directory, name)
  const [vault, away] = [at('vault'), at('away')]
  writeFileSync(at('anchors.yaml'), `anchors: [{ name: vault, kind: directory, path: ${vault}, every: 10s }]`)
  writeFileSync(
    at('streams.yaml'),
    `streams: [{ name: archive, kind: file, path: ${at('ledger.ndjson')}, format: entry }]`,
  )
  mkdirSync(vault) // no server makes what an operator has named
  const environment = {
    ...workspace.environment,
    COUNTERSIGN_SECRET: 'a'.repeat(43),
    DATA_DIR: at('data'),
    ANCHORS_FILE: at('anchors.yaml'),
  }
  const live = await freshDatabase()
  await grown({ ...environment, DATABASE_URL: live }, 2)
  const backup = await copyOfDatabase(live)
  await grown({ ...environment, DATABASE_URL: live }, 40)
  renameSync(vault, away)
  const server = await serve({ ...environment, DATABASE_URL: backup, STREAMS_FILE: at('streams.yaml') })
  return {
    server,
    store: await opened(backup),
    streamed: () => readFileSync(at('ledger.ndjson'), 'utf8').trim().split('\n').length,
    comesBack: () => cpSync(away, vault, { recursive: true }),
  }
}

test('once an anchor says that the ledger is behind, no job is done and nothing is streamed any more', async () => {
  const { server, store, streamed, comesBack } = await servedBackup()
  const due = async () => {
    const { rows } = await store.pool.query(
      "SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier = 'prune' AND run_at <= now()",
    )
    return Number(rows[0]?.count)
  }
  const ended = () =>
    server.logged.filter(({ msg }) => msg === 'has ended: the ledger is behind').map(({ what }) => what)
  await eventually(() => expect(streamed()).toBeGreaterThan(0))
  await store.store.commit({ entries: [], jobs: [firstPrune] })
  await eventually(async () => expect(await due(), 'control: a job is done').toBe(0))
  expect(ended()).toEqual([])

  comesBack()

  await eventually(() => expect(ended().sort()).toEqual(endedOnes))
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  await expect(store.store.commit({ entries: [], jobs: [firstPrune] })).rejects.toThrow(StoreUnavailable)
  await store.pool.query("SELECT graphile_worker.add_job('prune', '{}', run_at := now(), job_key := 'prune')")
  expect(await due()).toBe(1)
})

const endedOnes = ['a job worker', 'a job worker', 'a job worker', 'the streams of the ledger']

test('what begins when nothing may be written any more ends at once', () => {
  const hold = createHold()
  const ended: string[] = []
  hold.whenHeld(() => ended.push('before'))
  expect(ended, 'control').toEqual([])

  hold.hold('older')
  hold.hold('older still')
  hold.whenHeld(() => ended.push('after'))

  expect(ended).toEqual(['before', 'after'])
  expect(hold.why()).toBe('older')
})
