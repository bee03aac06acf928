import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { checkedPages } from '../approvals/ledger/checkedPages.ts'
import type { VerifiableLedger } from '../approvals/ledger/verifyLedger.ts'
import { ledgerPageSchema } from '../http/ledgerSchema.ts'
import { type Checkpoint, readCheckpoint } from '../ledger/checkpoint.ts'
import type { TreeHash } from '../ledger/edge.ts'
import { saidEmptiedIn } from '../ledger/emptied.ts'
import { hashBytes } from '../ledger/hashes.ts'
import type { KeptEntry } from '../ledger/keptEntry.ts'
import { textOfLeaf } from '../ledger/leaf.ts'
import { readVerifierKey } from '../ledger/note.ts'
import { hashesOf, tilePath, tileWidth } from '../ledger/tile.ts'
import { StartFault } from '../server/startFault.ts'
import type { AuditorCalls } from './auditorCalls.ts'

/** Entries asked for at once: four tiles of leaves. */
const pageSize = 4 * tileWidth

/**
 * The ledger of a server, as an auditor reads it: all of it as of the checkpoint that it gives first, however much is sealed
 * meanwhile. What the server alone knows of itself, what waits and what stands beyond the head, is not part of it.
 *
 * @throws StartFault when the server cannot be read, or does not answer with a ledger
 */
export async function servedLedger(calls: AuditorCalls): Promise<VerifiableLedger> {
  const [note, name] = [await textAt(calls, 'checkpoint'), await textAt(calls, 'key')]
  const [checkpoint, key] = [readCheckpoint(note), readVerifierKey(name.trimEnd())]
  if (!checkpoint || !key) throw noLedger('its checkpoint or its key is none')
  const { size, root } = checkpoint
  const tiles = tilesOf(calls, size)
  return {
    head: { size, root, checkpoint: note },
    key,
    pages: () => checkedPages(pages(calls, { checkpoint, tiles })),
    nodes: async (at) => {
      const found = await Promise.all(
        at.map(async ({ level, index }): Promise<readonly TreeHash[]> => {
          const hash = await tiles(level, index)
          return hash ? [{ level, index, hash }] : []
        }),
      )
      return found.flat()
    },
    nodeCount: null,
    leaves: null,
    unplaced: null,
    emptiedBeyond: (unsaid) => emptiedBeyond(calls, { size, unsaid }),
  }
}

/** So often what was sealed meanwhile is looked at: an entry has its index within a second. */
const mostLooks = 4

/** What entries say that were sealed after the head was read: values may have gone by them before their page was read. */
async function emptiedBeyond(
  calls: AuditorCalls,
  { size, unsaid }: { readonly size: number; readonly unsaid: number },
) {
  let [said, at] = [0, size]
  for (let nth = 0; nth < mostLooks && said < unsaid; nth += 1) {
    if (nth > 0) await calls.wait(1_000)
    const now = readCheckpoint(await textAt(calls, 'checkpoint'))?.size ?? 0
    while (at < now) {
      const entries = readPage(await textAt(calls, `entries?from=${at}&limit=${pageSize}`))
      for (const { index, leaf } of entries) said += saidEmptiedIn(textOfLeaf(leaf ?? '', index) ?? null)
      at = (entries.at(-1)?.index ?? now) + 1
    }
  }
  return { values: 0, said, isExact: false }
}

type HashAt = (level: number, index: number) => Promise<Buffer | null>

/** Tiles held: those of a page, and of each level above it. */
const mostTiles = 16

/** Hashes of the tree, read by tiles; null where the server has none. */
function tilesOf(calls: AuditorCalls, size: number): HashAt {
  const held = new Map<string, Promise<Buffer | null>>()
  const tileAt = (path: string): Promise<Buffer | null> => {
    const tile = held.get(path) ?? calls.get(path)
    held.delete(path)
    held.set(path, tile)
    for (const [oldest] of held) if (held.size > mostTiles) held.delete(oldest)
    return tile
  }
  return async (level, index) => {
    const [n, nth] = [Math.floor(index / tileWidth), index % tileWidth]
    const width = Math.min(tileWidth, hashesOf(level, size) - n * tileWidth)
    const tile = await tileAt(tilePath({ level, n, width }))
    // A tile of which a part is gone is not served; one that ends here shows whether this part is.
    const whole = tile ?? (await calls.get(tilePath({ level, n, width: nth + 1 })))
    const found = whole?.subarray(nth * hashBytes, (nth + 1) * hashBytes)
    return found?.length === hashBytes ? found : null
  }
}

/** The next page is on its way while one is verified. */
async function* pages(
  calls: AuditorCalls,
  by: { readonly checkpoint: Checkpoint; readonly tiles: HashAt },
): AsyncGenerator<readonly KeptEntry[], void> {
  const { size } = by.checkpoint
  const read = (from: number) =>
    page(calls, { from, before: Math.min(from + pageSize, size), tiles: by.tiles })
  let next = size > 0 ? read(0) : Promise.resolve([])
  for (;;) {
    const entries = await next
    const last = entries.at(-1)
    if (!last) return
    next = last.index + 1 < size ? read(last.index + 1) : Promise.resolve([])
    // Whoever stops in the middle does not wait for it.
    next.catch(() => undefined)
    yield entries
  }
}

/** The hash of a leaf that is gone from the tree: no entry has it. */
const nothing = Buffer.alloc(0)

/** What of the range the server has. */
async function page(
  calls: AuditorCalls,
  { from, before, tiles }: { readonly from: number; readonly before: number; readonly tiles: HashAt },
): Promise<readonly KeptEntry[]> {
  const text = await textAt(calls, `entries?from=${from}&limit=${before - from}`)
  const found: KeptEntry[] = []
  for (const entry of readPage(text)) {
    if (entry.index >= before) break
    found.push(keptEntry(entry, (await tiles(0, entry.index)) ?? nothing))
  }
  return found
}

type ReadEntry = z.infer<typeof ledgerPageSchema>['entries'][number]

function readPage(text: string): readonly ReadEntry[] {
  try {
    return ledgerPageSchema.parse(JSON.parse(text)).entries
  } catch (cause) {
    throw noLedger('a page of entries has another form', cause)
  }
}

function keptEntry({ index, entry, leaf, values }: ReadEntry, hash: Buffer): KeptEntry {
  return {
    index,
    entry,
    hash: hash.toString('hex'),
    text: leaf === null ? null : (textOfLeaf(leaf, index) ?? leaf),
    columns: null,
    blobs: values.map(({ name, sha256_salted, bytes, salt, text }) => ({
      ...{ name, sha256_salted, bytes },
      found: salt === null && text === null ? null : foundOf(salt, text),
    })),
  }
}

function foundOf(salt: string | null, text: string | null) {
  if (salt === null || text === null) return { hash: null, bytes: null }
  const bytes = Buffer.from(text)
  const hash = createHash('sha256').update(Buffer.from(salt, 'base64')).update(bytes)
  return { hash: hash.digest('hex'), bytes: bytes.length }
}

async function textAt(calls: AuditorCalls, path: string): Promise<string> {
  const found = await calls.get(path)
  if (!found) throw noLedger(`it has nothing at ${path}`)
  return found.toString()
}

function noLedger(why: string, cause?: unknown): StartFault {
  return new StartFault({
    problem: `The server does not answer as a ledger does: ${why}.`,
    fix: 'Check that --server is the address of Countersign itself, with nothing between that changes its answers.',
    ...(cause !== undefined && { cause }),
  })
}
