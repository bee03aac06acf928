import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { directoryAnchor } from '../../src/anchors/directory.ts'
import { type Anchor, AnchorFault } from '../../src/approvals/ledger/anchors/anchor.ts'
import { opened } from '../store/opened.ts'
import { beginning, recorded, sealed, tampered } from '../store/sealingWorld.ts'
import { freshDatabase } from '../support/database.ts'
import { at, files, sizes, started, withBackup } from './anchoredServer.ts'
import { temporaryDirectory } from './serve.ts'

test('a checkpoint leaves the house at the start and at the end, as a file that nobody writes again', async () => {
  const store = await opened()
  const path = temporaryDirectory()
  await recorded(store, 3)
  const server = await started(store, [at(path)])
  await expect.poll(() => sizes(path).length).toBeGreaterThan(0)
  await recorded(store, 2)

  await server.stop()

  expect(sizes(path).at(-1)).toBe(5)
  const [last] = files(path).slice(-1)
  expect(statSync(join(path, last ?? '')).mode & 0o777).toBe(0o444)
  const { rows } = await store.pool.query(
    'SELECT anchor, kind, origin, size FROM anchored_checkpoints ORDER BY position DESC LIMIT 1',
  )
  expect(rows).toEqual([{ anchor: 'vault', kind: 'directory', origin: 'countersign/wsp_1', size: '5' }])
  await expect(store.pool.query('DELETE FROM anchored_checkpoints')).rejects.toThrow(/append-only/)
})

test('a restored backup is not served; control: the database that was not restored is', async () => {
  const path = temporaryDirectory()
  const { backup, after, databaseUrl } = await withBackup(path, 3)
  await recorded(after, 4)
  await (await started(after, [at(path)])).stop()

  const refused = started(backup, [at(path)])

  await expect(refused).rejects.toMatchObject({
    name: 'StartFault',
    message: expect.stringMatching(/older than an anchor: vault has .* with 7 entries, and here are 3/),
    fix: expect.stringContaining('resume-after-restore'),
  })
  await expect(started(await opened(databaseUrl), [at(path)])).resolves.toBeDefined()
})

test('a database with other entries than those that left the house is not served, though it has as many', async () => {
  const path = temporaryDirectory()
  const { backup, after } = await withBackup(path, 3)
  await recorded(after, 1)
  await (await started(after, [at(path)])).stop()
  await recorded(backup, 6)
  await (await started(backup, [])).stop()

  await expect(started(backup, [at(path)])).rejects.toThrow(/has another ledger than an anchor/)
})

test('an anchor that is silent stops no start; when it answers, a database that is older takes no change any more', async () => {
  const path = temporaryDirectory()
  const { backup, after } = await withBackup(path, 2)
  await recorded(after, 2)
  await (await started(after, [at(path)])).stop()
  const vault = at(path)
  let silent = true
  const newest: Anchor['newest'] = async (...asked) => {
    if (silent || !vault.newest) throw new AnchorFault('nobody there')
    return vault.newest(...asked)
  }

  const server = await started(backup, [{ ...vault, everySeconds: 0.05, newest }])
  expect(server.health.now()).toContain('anchor_missed')
  expect(server.hold.why()).toBeNull()
  silent = false

  await expect.poll(() => server.hold.why()).toMatch(/older than an anchor/)
  expect(server.health.now()).toContain('ledger_behind')
})

test('a tree whose head is gone is not begun anew: the start is refused', async () => {
  for (const lost of ['ledger_head', 'ledger_keys']) {
    const store = await opened()
    await recorded(store, 2)
    await sealed(store)
    await tampered(store.pool, `DELETE FROM ${lost}`)

    await expect(started(store, [])).rejects.toMatchObject({
      name: 'StartFault',
      message: expect.stringContaining('a part of the tree is gone'),
    })
  }
})

test('a new ledger under a name that an anchor knows is not begun', async () => {
  const path = temporaryDirectory()
  const first = await opened()
  await recorded(first, 2)
  await (await started(first, [at(path)], 'acme.test/ledger')).stop()

  await expect(started(await opened(), [at(path)], 'acme.test/ledger')).rejects.toThrow(
    /is new, and the anchor vault has checkpoints of that name already/,
  )
})

test('of two anchors one refuses: the other goes on, and health says which, until it works', async () => {
  const store = await opened()
  await recorded(store, 1)
  const path = temporaryDirectory()
  const deaf = directoryAnchor({ name: 'deaf', path: join(path, 'no', 'such'), every: 10 })
  mkdirSync(join(path, 'yes'))
  writeFileSync(join(path, 'no'), 'a file where a directory belongs')

  const server = await started(store, [
    { ...deaf, everySeconds: 0.05 },
    { ...at(join(path, 'yes'), 'well'), everySeconds: 0.05 },
  ])

  await expect.poll(() => existsSync(join(path, 'yes')) && sizes(join(path, 'yes'))).toContain(1)
  await expect.poll(() => server.health.now()).toContain('anchor_missed')
  expect(server.health.raised.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(/^deaf: /))
  rmSync(join(path, 'no'))
  mkdirSync(join(path, 'no', 'such'), { recursive: true })
  await expect.poll(() => server.health.now()).toEqual([])
})

test('what somebody else puts into an anchor hides nothing, and is said', async () => {
  const [databaseUrl, path] = [await freshDatabase(), temporaryDirectory()]
  const store = await opened(databaseUrl)
  await recorded(store, 2)
  await (await started(store, [at(path)])).stop()
  const [file = ''] = files(path).slice(-1)
  const forged = join(path, file.replace(/\d{16}\.checkpoint$/, '0000000000009999.checkpoint'))
  writeFileSync(forged, readFileSync(join(path, file), 'utf8').replace('\n2\n', '\n9999\n'))
  chmodSync(forged, 0o444)

  const server = await started(store, [at(path)])

  await expect.poll(() => server.health.now()).toEqual(['anchor_disputed'])
  expect(server.hold.why()).toBeNull()
  await expect
    .poll(async () => (await store.pool.query(`SELECT FROM entries WHERE type = 'anchor.disputed'`)).rowCount)
    .toBe(1)
})

test('two replicas put each checkpoint once', async () => {
  const store = await opened()
  const path = temporaryDirectory()
  await recorded(store, 2)
  const often = { ...at(path), everySeconds: 0.05 }

  const both = [await started(store, [often]), await started(await opened(store.databaseUrl), [often])]
  await recorded(store, 2)
  await expect.poll(() => sizes(path)).toContain(4)
  for (const { stop } of both) await stop()

  const { rows } = await store.pool.query('SELECT size FROM anchored_checkpoints ORDER BY position')
  expect(new Set(rows.map(({ size }) => size)).size).toBe(rows.length)
  expect((await beginning(store)).head.size).toBe(4)
})
