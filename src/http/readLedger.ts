import type { ReadEntry } from '../approvals/ledger/ledgerReader.ts'
import { hashesOfSpans, proveEntry } from '../approvals/ledger/proveEntry.ts'
import { Refusal } from '../core/refusal.ts'
import { leafText } from '../ledger/leaf.ts'
import { verifierKey } from '../ledger/note.ts'
import { consistencySpans } from '../ledger/proofs.ts'
import { bundleOf, hasTile, type Tile, tileAt, tileWidth } from '../ledger/tile.ts'
import type { Answer, Call, ReadApi } from './call.ts'
import { headOf, known, numbersIn } from './ledgerCall.ts'

type LedgerApi = Pick<ReadApi, 'ledger' | 'baseUrl'>

const text = { 'content-type': 'text/plain; charset=utf-8' } as const

/** What stands at the address of a tile never changes. An auditor's key is needed for it, so no shared cache keeps it. */
const tileHeaders = {
  'content-type': 'application/octet-stream',
  'cache-control': 'private, max-age=31536000, immutable',
} as const

/** `GET /v1/ledger/checkpoint` (c2sp.org/tlog-tiles). */
export async function getLedgerCheckpoint({ ledger }: LedgerApi): Promise<Answer> {
  return { status: 200, headers: text, body: (await headOf(ledger)).checkpoint }
}

/** `GET /v1/ledger/key`: the verifier key of its signed notes. */
export async function getLedgerKey({ ledger }: LedgerApi): Promise<Answer> {
  return { status: 200, headers: text, body: `${verifierKey((await known(ledger)).key)}\n` }
}

/** `GET /v1/ledger/tile/L/N`, also with `.p/W` and of the entries (c2sp.org/tlog-tiles). */
export async function getLedgerTile({ ledger }: LedgerApi, { params }: Call<'auditor'>): Promise<Answer> {
  const tile = tileAt(`tile/${params['*'] ?? ''}`)
  const { size } = await headOf(ledger)
  if (!tile || !hasTile(tile, size)) throw new Refusal('not_in_tree', 'no such tile, or not yet')
  return { status: 200, headers: tileHeaders, body: await bytesOf(ledger, tile) }
}

async function bytesOf(ledger: LedgerApi['ledger'], { level, n, width }: Tile): Promise<Buffer> {
  const from = n * tileWidth
  const found =
    level === 'entries'
      ? (await allOf(ledger, from, from + width)).flatMap((one) => leafIn(one) ?? [])
      : await ledger.run({ level, index: from, count: width })
  if (found.length !== width) throw new Refusal('not_in_tree', 'a part of the tree that was sealed is gone')
  return level === 'entries' ? bundleOf(found) : Buffer.concat(found)
}

async function allOf(
  ledger: LedgerApi['ledger'],
  from: number,
  before: number,
): Promise<readonly ReadEntry[]> {
  const found: ReadEntry[] = []
  for (let next = from; next < before; ) {
    const page = await ledger.entries({ from: next, before, bytes: pageBytes })
    const last = page.at(-1)
    if (!last) break
    found.push(...page)
    next = last.index + 1
  }
  return found
}

/** Null when the entry is gone, or is none. */
function leafIn({ text, index }: ReadEntry): Buffer | null {
  try {
    return text === null ? null : Buffer.from(leafText(text, index))
  } catch {
    return null
  }
}

const usualLimit = 256
const mostOnPage = 1_024
/** Of entries with what stands beside them. A page has one entry in any case. */
const pageBytes = 4_000_000

/** `GET /v1/ledger/entries`: entries in their order, each as its leaf, with the values that stand beside it. */
export async function listLedgerEntries(
  { ledger, baseUrl }: LedgerApi,
  call: Call<'auditor'>,
): Promise<Answer> {
  const asked = numbersIn(call, { from: [0, Number.MAX_SAFE_INTEGER], limit: [1, mostOnPage] })
  const { from, limit } = { from: asked.from ?? 0, limit: asked.limit ?? usualLimit }
  const { size } = await headOf(ledger)
  if (from > size) throw new Refusal('not_in_tree', 'entries beyond the tree')
  const before = Math.min(from + limit, size)
  const found = await ledger.entries({ from, before, bytes: pageBytes })
  const next = found.length === 0 ? before : (found.at(-1)?.index ?? 0) + 1
  const entries = found.map(({ text, ...entry }) => ({
    ...entry,
    leaf: leafIn({ ...entry, text })?.toString() ?? null,
  }))
  const address = `${baseUrl}/v1/ledger/entries?from=${next}&limit=${limit}`
  return { status: 200, body: { entries, next: next < size ? address : null } }
}

/** `GET /v1/ledger/entries/:id/proof`: a file of c2sp.org/tlog-proof, by the newest checkpoint. */
export async function getLedgerProof({ ledger }: LedgerApi, { params }: Call<'auditor'>): Promise<Answer> {
  const { id = '' } = params
  const head = await headOf(ledger)
  const proved = /^ent_[0-9a-z]{26}$/.test(id) ? await proveEntry({ ...ledger, head }, id) : null
  if (!proved) throw new Refusal('not_in_tree', 'no entry of that id in the tree')
  return { status: 200, headers: text, body: proved.proof }
}

/** `GET /v1/ledger/consistency`: what shows that the tree of one size begins with that of another (RFC 6962, 2.1.2). */
export async function getLedgerConsistency({ ledger }: LedgerApi, call: Call<'auditor'>): Promise<Answer> {
  const { size } = await headOf(ledger)
  const any = [0, Number.MAX_SAFE_INTEGER] as const
  const asked = numbersIn(call, { from: any, to: any })
  const { from, to } = { from: asked.from ?? 0, to: asked.to ?? size }
  if (from > to)
    throw new Refusal('invalid_request', 'sizes in the wrong order', [
      { pointer: '', detail: 'from: This must be at most what “to” says.' },
    ])
  if (to > size) throw new Refusal('not_in_tree', 'a tree that is not as large')
  const path = await hashesOfSpans(ledger, consistencySpans(from, to))
  return { status: 200, body: { from, to, path: path.map((hash) => hash.toString('base64')) } }
}
