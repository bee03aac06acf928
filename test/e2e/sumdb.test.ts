import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { proverOf } from '../../src/approvals/evidence/prover.ts'
import { hashesOfSpans } from '../../src/approvals/ledger/proveEntry.ts'
import { signedCheckpoint } from '../../src/ledger/checkpoint.ts'
import { leafHash } from '../../src/ledger/hashes.ts'
import { noteSigner, verifierKey } from '../../src/ledger/note.ts'
import { consistencySpans, inclusionSpans, type Run } from '../../src/ledger/proofs.ts'
import { growing } from '../../src/ledger/subtrees.ts'
import { tileWidth } from '../../src/ledger/tile.ts'
import { type Case, isThere, packages, sumdb } from './sumdb/sumdb.ts'

// Sizes around whole tiles, up to a tree that has a second level of them.
const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 600, 65_536, 65_537, 70_003]
const largest = sizes.at(-1) ?? 0

const newSigner = () =>
  noteSigner(
    'acme.test/countersign',
    String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })),
  )
const signer = newSigner()
const key = verifierKey(signer)
const leaves = Array.from({ length: largest }, (_, seq) => Buffer.from(`{"seq":${seq}}`))

/** By level: the hashes that a ledger keeps, each over a whole tile of the level below. */
const levels: Buffer[][] = [leaves.map(leafHash)]
const heads = new Map<number, { readonly checkpoint: string; readonly key: string }>()
let folder = ''
let check: (cases: readonly Case[]) => readonly string[] = () => []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-sumdb-'))
  for (let below = levels[0] ?? []; below.length >= tileWidth; below = levels.at(-1) ?? [])
    levels.push(
      Array.from({ length: Math.floor(below.length / tileWidth) }, (_, tile) => {
        const tree = growing([])
        for (const hash of below.slice(tile * tileWidth, (tile + 1) * tileWidth)) tree.add(hash)
        return tree.root()
      }),
    )
  const tree = growing([])
  for (const [index, hash] of (levels[0] ?? []).entries()) {
    tree.add(hash)
    const size = index + 1
    if (sizes.includes(size))
      heads.set(size, { checkpoint: signedCheckpoint({ size, root: tree.root() }, signer), key })
  }
  if (isThere()) check = sumdb(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ledger = {
  run: async ({ level, index, count }: Run) => levels[level]?.slice(index, index + count) ?? [],
}
const anyHead = { version: 1, origin: signer.name, root: Buffer.alloc(32), checkpoint: '', signedAt: '' }
const headOf = (size: number) => heads.get(size) ?? { checkpoint: '', key }

/** It has a message of its own where it is not installed: in CI it has to be. */
function expectThere(skip: (note: string) => never): void {
  if (isThere()) return
  const note = `Go's sumdb is not installed: apt-get install ${packages}`
  if (process.env.VERIFIERS === 'required') throw new Error(note)
  skip(note)
}

const other = (hash: Buffer) => Buffer.from(hash.map((byte, at) => (at === 0 ? byte ^ 1 : byte)))

/** Each way in which a proof can be forged: one hash is another, one is missing, one is too many. */
function forged<C extends Case>(one: C): readonly C[] {
  const { path } = one
  return [
    ...path.map((hash, at) => ({ ...one, path: path.with(at, other(hash)) })),
    ...(path.length > 0 ? [{ ...one, path: path.slice(1) }] : []),
    { ...one, path: [...path, Buffer.alloc(32)] },
  ]
}

test('sumdb: Go believes that each of our trees begins with each older one, and no forged proof of it', async ({
  skip,
}) => {
  expectThere(skip)
  const cases: Extract<Case, { older: unknown }>[] = []
  for (const newer of sizes)
    for (const older of sizes.filter((size) => size <= newer)) {
      const path = await hashesOfSpans(ledger, consistencySpans(older, newer))
      cases.push({ newer: headOf(newer), older: headOf(older), path })
    }

  expect(check(cases)).toEqual(cases.map(() => ''))
  const forgeries = cases.flatMap(forged)
  expect(check(forgeries).filter((wrong) => wrong === '')).toEqual([])
  const rewritten = signedCheckpoint({ size: 255, root: Buffer.alloc(32, 7) }, signer)
  const [sound] = cases.filter(({ older, newer }) => older === headOf(255) && newer === headOf(600))
  expect(sound && check([sound, { ...sound, older: { checkpoint: rewritten, key } }])).toEqual([
    '',
    expect.stringContaining('invalid transparency proof'),
  ])
})

test('sumdb: Go believes that our leaves stand where we say, as packs and servers prove it, and nothing forged', async ({
  skip,
}) => {
  expectThere(skip)
  const cases: Extract<Case, { leaf: unknown }>[] = []
  for (const size of sizes) {
    const prover = proverOf({ head: { ...anyHead, size }, run: ofSize(size) })
    for (const index of new Set([0, size >> 1, size - 1])) {
      const path = await hashesOfSpans(ledger, inclusionSpans(index, size))
      expect(await prover.path(index)).toEqual(path)
      cases.push({ newer: headOf(size), leaf: leaves[index] ?? Buffer.alloc(0), index, path })
    }
  }

  expect(check(cases)).toEqual(cases.map(() => ''))
  const forgeries = cases.flatMap((one) => [
    ...forged(one),
    { ...one, leaf: Buffer.from('another') },
    { ...one, index: one.index + 1 },
  ])
  expect(check(forgeries).filter((wrong) => wrong === '')).toEqual([])
})

test('sumdb: Go reads our checkpoints, and believes none that another key signed', ({ skip }) => {
  expectThere(skip)
  const newer = headOf(600)
  const strangers = verifierKey(newSigner())
  const one = { newer, older: newer, path: [] }

  expect(check([one])).toEqual([''])
  const [wrong] = check([{ ...one, newer: { ...newer, key: strangers } }])
  expect(wrong).not.toBe('')
})

/** What a ledger of that size keeps: tiles that are not full have fewer hashes. */
function ofSize(size: number) {
  return async ({ level, index, count }: Run) =>
    levels[level]?.slice(index, Math.min(index + count, Math.floor(size / tileWidth ** level))) ?? []
}
