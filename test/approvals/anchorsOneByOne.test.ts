import { expect, onTestFinished, test } from 'vitest'
import { directoryAnchor } from '../../src/anchors/directory.ts'
import { createThreads } from '../../src/anchors/threads.ts'
import type { Anchor } from '../../src/approvals/ledger/anchors/anchor.ts'
import { startAnchoring } from '../../src/approvals/ledger/anchors/anchoring.ts'
import type { AnchorStore } from '../../src/approvals/ledger/anchors/anchorStore.ts'
import { oneByOne } from '../../src/approvals/ledger/anchors/oneByOne.ts'
import { grownTree } from '../anchors/grownTree.ts'
import { temporaryDirectory } from '../server/serve.ts'
import { heardHealth, nobodyHears } from '../support/health.ts'

/** Milliseconds. */
const short = { before: 10, call: 20 }

/** A place that takes what is asked and says nothing, until it is told to. */
function deaf() {
  let asked = 0
  let answer = (): void => undefined
  const silence = new Promise<void>((resolve) => {
    answer = resolve
  })
  const call = async () => {
    asked += 1
    await silence
    return {}
  }
  const place = {
    put: call,
    newest: async () => {
      await call()
      return { anchored: null, strange: null }
    },
    ledgers: null,
    check: async () => {
      await call()
      return { ok: true, detail: 'it answers', fix: null }
    },
  }
  return { place, asked: () => asked, answer: () => answer() }
}

test('a place that does not answer gets one call, is given up, and is asked again only when that has returned', async () => {
  const tree = grownTree()
  const { place, asked, answer } = deaf()
  const { put, newest, check } = oneByOne(place, { where: 'the vault', limits: short })
  const puts = () => put(tree.at(1), tree.first, tree.proofs)

  await expect(puts()).rejects.toThrow('the vault could not be used (no answer in time)')
  for (let nth = 0; nth < 3; nth += 1)
    await expect(puts()).rejects.toThrow('the vault has not answered an earlier call yet')
  await expect(newest?.(tree.first, tree.reading)).rejects.toMatchObject({ name: 'AnchorFault' })
  expect(await check()).toMatchObject({ ok: false, detail: expect.stringContaining('the vault has not') })
  expect(asked()).toBe(1)
  answer()

  await expect(puts(), 'control').resolves.toEqual({})
  expect(asked()).toBe(2)
})

test('hanging-disk: as many directories as there are threads hang, and keep two of them; the others are told why', async () => {
  const tree = grownTree()
  let answer = (): void => undefined
  const silence = new Promise<void>((resolve) => {
    answer = resolve
  })
  const hanging: string[] = []
  const threads = createThreads({ most: 2, patienceMs: 20 })
  const stat = async (path: string) => {
    hanging.push(path)
    await silence
  }
  const four = ['a', 'b', 'c', 'd'].map((name) =>
    directoryAnchor({ name, path: temporaryDirectory() }, { threads, stat }),
  )
  const found = Promise.allSettled(four.map(({ newest }) => newest?.(tree.first, tree.reading)))

  await expect.poll(() => hanging.length).toBe(2)
  await expect(four[3]?.put(tree.at(1), tree.first, tree.proofs)).rejects.toThrow(
    /2 directories of other anchors hang, and no more threads/,
  )
  expect(hanging).toHaveLength(2)
  answer()

  expect((await found).map(({ status }) => status)).toEqual([
    ...['fulfilled', 'fulfilled'],
    ...['rejected', 'rejected'],
  ])
  await expect(four[3]?.put(tree.at(1), tree.first, tree.proofs), 'control').resolves.toBeDefined()
})

test('an anchor that hangs holds up neither another nor the end; what it owes is said', async () => {
  const tree = grownTree()
  const taken: number[] = []
  const well: Anchor = {
    ...{ name: 'well', kind: 'directory', everySeconds: 0.01, againSeconds: 60 },
    ...oneByOne(
      {
        ...deaf().place,
        newest: null,
        async put({ checkpoint }) {
          taken.push(checkpoint.size)
          return {}
        },
      },
      { where: 'well' },
    ),
  }
  const hung: Anchor = {
    ...{ name: 'hung', kind: 'directory', everySeconds: 0.01, againSeconds: 60 },
    ...oneByOne(deaf().place, { where: 'the disk', limits: short }),
  }
  let size = 1
  const health = heardHealth()
  const stop = startAnchoring({
    ...{
      anchors: [hung, well],
      store: storeOf(tree, () => size),
      log: nobodyHears.log,
      health: health.health,
    },
    ours: { first: tree.first, publicKey: here(tree, 1).publicKey },
    behind: () => undefined,
    disputed: async () => undefined,
    sealLast: async () => {
      size = 3
    },
    limits: { lastPut: 200 },
  })
  onTestFinished(stop)

  await expect.poll(() => taken).toContain(1)
  await expect
    .poll(() => health.raised.map(({ detail }) => detail))
    .toContain('hung: the disk has not answered an earlier call yet, and is not asked again before that.')
  expect(health.raised.every(({ detail }) => detail.startsWith('hung: '))).toBe(true)
  await stop()

  expect(taken.at(-1)).toBe(3)
})

const here = (tree: ReturnType<typeof grownTree>, size: number) => {
  const { checkpoint } = tree.at(size)
  return { first: tree.first, origin: tree.first, size, root: checkpoint.root, publicKey: tree.publicKey }
}

/** The database of a tree, in memory. */
function storeOf(tree: ReturnType<typeof grownTree>, size: () => number): AnchorStore {
  const rows = new Map<
    string,
    Awaited<ReturnType<AnchorStore['newest']>> extends ReadonlyMap<string, infer R> ? R : never
  >()
  return {
    ...tree.proofs,
    tree: async () => ({ here: here(tree, size()), checkpoint: tree.at(size()).text, strangers: [] }),
    rootAt: async (at) => tree.at(at).checkpoint.root,
    resumptions: async () => [],
    newest: async () => rows,
    record: async (taken) => void rows.set(taken.anchor, { ...taken, at: '', agoSeconds: 60 }),
    behind: async () => null,
    recordBehind: async () => undefined,
    takeTurn: async () => 'turn',
    endTurn: async () => undefined,
  }
}
