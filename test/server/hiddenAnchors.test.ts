import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { heldByAnchors } from '../../src/cli/anchors.ts'
import { anchoredIn } from '../../src/ledger/anchored.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { opened, silent } from '../store/opened.ts'
import { recorded, sealed, tampered } from '../store/sealingWorld.ts'
import { copyOfDatabase, freshDatabase } from '../support/database.ts'
import { at, backedUp, files, sizes, sizesOf, started, withBackup } from './anchoredServer.ts'
import { temporaryDirectory } from './serve.ts'

test('blinded-anchor: a key of another name in the database blinds no anchor: the start is refused, and a server that runs says so', async () => {
  const path = temporaryDirectory()
  const { backup, after } = await withBackup(path, 3)
  await recorded(after, 4)
  const server = await started(after, [{ ...at(path), everySeconds: 0.05 }])
  await expect.poll(() => sizes(path)).toContain(7)
  expect(server.health.now(), 'control').toEqual([])

  for (const { pool } of [after, backup])
    await pool.query(
      `INSERT INTO ledger_keys (id, origin, public_key, sealed, created_at) VALUES ('00000000', 'zzz', decode(repeat('00', 32), 'hex'), 'x', '1970-01-01')`,
    )

  await expect.poll(() => server.health.now()).toContain('anchor_disputed')
  await expect(started(backup, [at(path)])).rejects.toThrow(/a key of zzz, which is none of its names/)
  await tampered(backup.pool, `DELETE FROM ledger_keys WHERE origin = 'zzz'`)
  await expect(started(backup, [at(path)]), 'control').rejects.toThrow(/older than an anchor/)
})

test('lost-anchor: a directory that is not mounted is never made, and an empty one gets nothing: both are said', async () => {
  const path = temporaryDirectory()
  const backup = await backedUp(path)
  renameSync(path, `${path}.away`)
  const often = { ...at(path), everySeconds: 0.05 }

  const server = await started(backup, [often])
  await expect.poll(() => server.health.now()).toEqual(['anchor_missed'])
  expect(server.health.raised.at(-1)?.detail).toMatch(/is not there: mount what belongs there, or make it/)
  expect(existsSync(path)).toBe(false)
  mkdirSync(path)
  await expect.poll(() => server.health.now()).toContain('anchor_disputed')
  expect(files(path)).toEqual([])
  rmSync(path, { recursive: true })
  renameSync(`${path}.away`, path)

  await expect.poll(() => server.hold.why(), { message: 'control' }).toMatch(/older than an anchor/)
})

test('rubbish-in-anchor: neither twenty files, a link to nowhere nor a pipe hides what stands before it', async () => {
  const path = temporaryDirectory()
  const backup = await backedUp(path)
  const [newest = ''] = files(path).slice(-1)
  const beside = (nth: number) =>
    join(path, newest.replace(/\d{16}\.checkpoint$/, `${String(9_900 + nth).padStart(16, '0')}.checkpoint`))
  for (let nth = 0; nth < 25; nth += 1) writeFileSync(beside(nth), 'x')
  symlinkSync('/nonexistent', beside(26))
  execFileSync('mkfifo', [beside(27)])

  await expect(started(backup, [at(path)])).rejects.toThrow(
    /older than an anchor: vault has .* with 7 entries/,
  )
  for (const file of files(path).filter((one) => sizesOf(one) < 9_000))
    rmSync(join(path, file), { force: true })
  await expect(started(backup, [at(path)])).rejects.toThrow(
    /has nothing that this ledger signed, and something else/,
  )
})

test('audit verify --anchors is not green over an anchor that has nothing, or something strange; control: one that has what it took', async () => {
  const path = temporaryDirectory()
  const store = await opened()
  const here = async () => {
    const tree = await store.anchored.tree()
    if (!tree) throw new Error('there is one')
    return tree.here
  }
  await sealed(store)
  expect(await heldByAnchors([at(path)], await here()), 'of an empty ledger').toEqual({
    kept: [],
    older: [],
    unsound: [],
  })
  await recorded(store, 2)
  await sealed(store)
  expect((await heldByAnchors([at(path)], await here())).unsound).toEqual([
    'vault has no checkpoint of this ledger, so it shows nothing.',
  ])
  await (await started(store, [at(path)], 'acme.test/ledger')).stop()
  expect(await heldByAnchors([at(path)], await here())).toMatchObject({ kept: [{}], unsound: [] })

  const [newest = ''] = files(path).slice(-1)
  writeFileSync(join(path, newest.replace(/\d{16}\.checkpoint$/, '0000000000009999.checkpoint')), 'x')

  expect((await heldByAnchors([at(path)], await here())).unsound).toEqual([
    expect.stringMatching(/^vault: .* is no checkpoint that this ledger has signed\.$/),
  ])
})

test('deaf-anchor: times that lie ahead silence no anchor, and a turn that is never given is said; control: while it is given', async () => {
  const path = temporaryDirectory()
  const store = await opened()
  await recorded(store, 2)
  await sealed(store)
  const tree = await store.anchored.tree()
  await store.pool.query("INSERT INTO anchor_turns VALUES ('vault', now() + interval '1 day')")
  await store.pool.query(
    "INSERT INTO anchored_checkpoints (anchor, kind, origin, size, checkpoint, evidence, at) VALUES ('vault', 'directory', $1, 2, $2, '{}', now() + interval '1 day')",
    [tree?.here.origin, tree?.checkpoint],
  )
  await at(path).put(anchoredOf(tree), tree?.here.first ?? '', store.anchored)
  let isGiven = true
  const anchored: typeof store.anchored = {
    ...store.anchored,
    takeTurn: async (...asked) => (isGiven ? store.anchored.takeTurn(...asked) : null),
  }

  const server = await started({ ...store, anchored }, [{ ...at(path), everySeconds: 0.05 }])
  await recorded(store, 3)
  await expect.poll(() => sizes(path)).toContain(5)
  await expect.poll(() => server.health.now(), { message: 'control' }).toEqual([])
  isGiven = false
  await recorded(store, 1)

  await expect.poll(() => server.health.now()).toEqual(['anchor_missed'])
  expect(server.health.raised.at(-1)?.detail).toMatch(/^vault: it answers, and has not got what is new/)
})

function anchoredOf(tree: Awaited<ReturnType<Awaited<ReturnType<typeof opened>>['anchored']['tree']>>) {
  const anchored = tree && anchoredIn(tree.checkpoint, tree.here)
  if (!anchored) throw new Error('it is signed')
  return anchored
}

test('a turn that was over is not ended under whoever has it by now', async () => {
  const { anchored, pool } = await opened()
  const first = await anchored.takeTurn('vault', 60)
  await pool.query("UPDATE anchor_turns SET until = now() - interval '1 second'")
  const second = await anchored.takeTurn('vault', 60)

  await anchored.endTurn('vault', first ?? '')
  expect(await anchored.takeTurn('vault', 60)).toBeNull()
  await anchored.endTurn('vault', second ?? '')
  expect(await anchored.takeTurn('vault', 60), 'control').not.toBeNull()
})

test('older-checkpoints: a larger checkpoint that fits hides none that does not; control: the ledger that all of them are of', async () => {
  const [databaseUrl, path] = [await freshDatabase(), temporaryDirectory()]
  const begun = await opened(databaseUrl)
  await sealed(begun)
  await begun.close()
  const rebuilt = await opened(await copyOfDatabase(databaseUrl))
  const honest = await opened(databaseUrl)
  for (const count of [5, 2]) {
    await recorded(honest, count)
    await (await started(honest, [at(path)])).stop()
  }
  await (await started(honest, [at(path)])).stop()
  await recorded(rebuilt, 12)
  await sealed(rebuilt)
  const tree = await rebuilt.anchored.tree()
  await at(path).put(anchoredOf(tree), tree?.here.first ?? '', rebuilt.anchored)

  await expect(started(rebuilt, [at(path)])).rejects.toThrow(
    /has another ledger than an anchor: vault .* with 7 /,
  )
  const held = tree && (await heldByAnchors([at(path)], tree.here))
  expect(held?.kept.map(({ checkpoint }) => checkpoint.size)).toEqual([12])
  expect(held?.older.map(({ checkpoint }) => checkpoint.size)).toEqual(expect.arrayContaining([7, 5]))
  const { wrong } = await withKeptLedger(
    { databaseUrl: rebuilt.databaseUrl, log: silent },
    async (ledger) => {
      if (!ledger) throw new Error('there is one')
      const kept = [...(held?.kept ?? []), ...(held?.older ?? [])]
      return verifyLedger(ledger, { kept, key: null, progress: () => undefined })
    },
  )
  expect(wrong?.what).toMatch(/was rewritten/)
})
