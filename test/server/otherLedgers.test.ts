import { expect, test } from 'vitest'
import { AnchorFault } from '../../src/approvals/ledger/anchors/anchor.ts'
import { opened } from '../store/opened.ts'
import { recorded } from '../store/sealingWorld.ts'
import { at, files, started } from './anchoredServer.ts'
import { temporaryDirectory } from './serve.ts'

/** A place where another ledger has checkpoints. */
async function usedPlace() {
  const path = temporaryDirectory()
  const first = await opened()
  await recorded(first, 2)
  await (await started(first, [at(path)], 'acme.test/ledger')).stop()
  return path
}

test('empty-database: a new ledger is not begun where an anchor has another, unless its name is stated; nothing is written', async () => {
  const path = await usedPlace()
  const empty = await opened()
  const before = files(path)

  await expect(started(empty, [at(path)])).rejects.toMatchObject({
    name: 'StartFault',
    message: expect.stringMatching(
      /has no ledger yet, and the anchor vault has checkpoints of acme.test\/ledger\./,
    ),
    fix: expect.stringContaining('LEDGER_ORIGIN'),
  })
  expect(await empty.anchored.tree()).toBeNull()
  expect(files(path)).toEqual(before)

  const stated = await started(empty, [at(path)], 'acme.test/staging')
  await stated.stop()
  await expect(started(empty, [at(path)]), 'control: it has begun').resolves.toBeDefined()
})

test('a new ledger begins where nothing stands, and where the anchor does not answer', async () => {
  const path = await usedPlace()
  const silent = {
    ...at(path),
    ledgers: async () => {
      throw new AnchorFault('nobody there')
    },
  }

  await expect(started(await opened(), [at(temporaryDirectory())])).resolves.toBeDefined()
  await expect(started(await opened(), [silent])).resolves.toBeDefined()
})
