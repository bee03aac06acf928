import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AnchorFault } from '../../src/approvals/ledger/anchors/anchor.ts'
import { madeLine } from '../store/made.ts'
import { opened } from '../store/opened.ts'
import { wentOn } from '../store/resumedWorld.ts'
import { sealed, tampered } from '../store/sealingWorld.ts'
import { eventually } from '../support/eventually.ts'
import { testWorld } from '../support/world.ts'
import { at, backedUp, files, started } from './anchoredServer.ts'
import { temporaryDirectory } from './serve.ts'

type Open = Awaited<ReturnType<typeof opened>>

const commits = ({ store }: Open) => store.commit({ entries: [madeLine()] })

/** A backup that is served by a replica with a silent anchor, until that answers. */
async function served() {
  const path = temporaryDirectory()
  const backup = await backedUp(path)
  const vault = at(path)
  let silent = true
  const newest: typeof vault.newest = async (...asked) => {
    if (silent || !vault.newest) throw new AnchorFault('nobody there')
    return vault.newest(...asked)
  }
  const anchor = { ...vault, everySeconds: 0.05, newest }
  return {
    ...{ backup, path, anchor },
    answers: () => {
      silent = false
    },
  }
}

test('deaf-replica: what one replica finds at an anchor refuses each commit of one that hears nothing, and its seals; control: before, both work', async () => {
  const { backup, anchor, answers } = await served()
  const deaf = await opened(backup.databaseUrl)
  const finder = await started(backup, [anchor])
  await expect(commits(deaf), 'control').resolves.toBe('applied')
  await sealed(deaf)

  answers()
  await expect.poll(() => finder.hold.why()).toMatch(/older than an anchor/)
  await expect.poll(() => deaf.anchored.behind()).toMatchObject({ anchor: 'vault' })

  await expect(commits(deaf)).rejects.toMatchObject({
    name: 'StoreUnavailable',
    reason: 'behind',
    unknown: false,
  })
  await expect(deaf.store.commit({ entries: [] })).rejects.toMatchObject({ reason: 'behind' })
  await tampered(deaf.pool, 'INSERT INTO unsealed_entries SELECT position FROM entries LIMIT 1')
  await expect(sealed(deaf)).rejects.toMatchObject({ reason: 'behind' })
  await finder.stop()
  await tampered(deaf.pool, 'DELETE FROM unsealed_entries')

  // Two whom this database has not seen yet: who they are may be recorded all the same.
  const world = await testWorld()
  await wentOn(backup, { shared: 3, world: { ...world, ports: { ...world.ports, store: deaf.store } } })
  await expect(commits(deaf), 'control: under the next name').resolves.toBe('applied')
})

test('a replica that has no anchor, or another time to look, hears it from the database and ends what it does outside', async () => {
  const { backup, anchor, answers } = await served()
  await started(backup, [anchor])
  const other = await started(await opened(backup.databaseUrl), [])
  expect(other.hold.why(), 'control').toBeNull()

  answers()

  await eventually(() =>
    expect(other.hold.why()).toMatch(
      /another replica has found at .* that the database is behind the anchor vault/,
    ),
  )
  expect(other.health.now()).toContain('ledger_behind')
})

test('no server starts on it though the anchor is silent by now, and a row that shows nothing is said; control: without the row it starts', async () => {
  const { backup, path, anchor } = await served()
  const tree = await backup.anchored.tree()
  if (!tree) throw new Error('there is one')
  await expect(
    started(backup, [anchor]).then(({ stop }) => stop()),
    'control',
  ).resolves.toBeUndefined()

  await backup.anchored.recordBehind({ anchor: 'vault', checkpoint: tree.checkpoint })
  await expect(started(backup, [anchor])).rejects.toThrow(/the checkpoint there does not show that/)
  await expect(backup.pool.query('DELETE FROM ledger_behind')).rejects.toThrow(/append-only/)
  await tampered(backup.pool, 'DELETE FROM ledger_behind')
  const [newest = ''] = files(path).slice(-1)
  const checkpoint = readFileSync(join(path, newest), 'utf8')
  await backup.anchored.recordBehind({ anchor: 'vault', checkpoint })

  await expect(started(backup, [anchor])).rejects.toThrow(
    /a replica has found at .* that the database is older/,
  )
})
