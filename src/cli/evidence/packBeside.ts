import { existsSync } from 'node:fs'
import type { AnchoredLine, BesideEntries } from '../../approvals/evidence/besideEntries.ts'
import type { Neighbour } from '../../approvals/evidence/pack.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Recorded } from '../../evidence/recorded.ts'
import { leafHash } from '../../ledger/hashes.ts'
import type { NoteKey } from '../../ledger/note.ts'
import { type Resumption, resumptionIn, wrongNames } from '../../ledger/resumption.ts'
import { linesOf } from './lines.ts'
import { recordedOf } from './packIndex.ts'
import { PackWrong } from './packWrong.ts'
import { type Unpacked, unpackedAt } from './unpack.ts'

type Texts = Unpacked['texts']

/** What a pack has beside its entries, to be made again of it. @throws PackWrong when a file has another form; each method, too */
export function packBeside({ folder, texts }: Pick<Unpacked, 'folder' | 'texts'>): BesideEntries {
  return {
    resumptions: async () => gapsIn(texts),
    async *anchored() {
      const path = unpackedAt(folder, 'log/anchored.ndjson')
      if (!existsSync(path)) throw new PackWrong({ what: 'log/anchored.ndjson is missing from the pack.' })
      for (const { line } of linesOf(path)) yield anchoredIn(line.toString('utf8'))
    },
    grantKeys: async () => {
      const path = 'keys/grants-jwks.json'
      const { keys } = parsed<{ readonly keys?: unknown }>(texts.get(path) ?? '', path)
      if (!Array.isArray(keys)) throw new PackWrong({ what: `${path} is no set of keys.` })
      return keys.filter((one): one is JsonObject => typeof one === 'object' && one !== null)
    },
  }
}

/** Where the ledger went on from a restored backup; each is proved by a file of its own. @throws PackWrong */
export function resumptionsIn(texts: Texts, key: NoteKey): readonly Resumption[] {
  const found = gapsIn(texts).flatMap(
    ({ index, entry, leaf }) => resumptionIn({ index, entry: entry.id, text: leaf }) ?? [],
  )
  const wrong = wrongNames(found, key)
  if (wrong) throw new PackWrong(wrong)
  return found
}

/** The hash of the leaf of a gap; undefined when none has this index. */
export function gapHash(texts: Texts, index: number): Buffer | undefined {
  const leaf = linesIn(texts, 'log/gaps.ndjson').find((line) => seqIn(line) === index)
  return leaf === undefined ? undefined : leafHash(Buffer.from(leaf))
}

/** A leaf beside the range; null when the pack has none of this index. @throws PackWrong */
export function neighbourIn(texts: Texts, index: number): Neighbour | null {
  const path = 'log/neighbours.ndjson'
  for (const leaf of linesIn(texts, path)) {
    const { seq, ts } = parsed<{ readonly seq?: unknown; readonly ts?: unknown }>(leaf, path)
    if (seq === index && typeof ts === 'string') return { index, leaf, ts }
  }
  return null
}

function gapsIn(texts: Texts): readonly Recorded[] {
  const values = linesIn(texts, 'log/gaps-values.ndjson')
  return linesIn(texts, 'log/gaps.ndjson').map((leaf) => {
    const index = seqIn(leaf)
    const its = values.filter(
      (line) => parsed<{ readonly index?: unknown }>(line, 'log/gaps-values.ndjson').index === index,
    )
    return sound(() => recordedOf(leaf, its.join('\n')))
  })
}

/** What is no entry at all, nothing of it can be read. @throws PackWrong */
function sound<T>(read: () => T): T {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof PackWrong) throw fault
    throw new PackWrong({ what: 'A line of log/gaps.ndjson is no leaf.' })
  }
}

function seqIn(line: string): unknown {
  return parsed<{ readonly seq?: unknown }>(line, 'log/gaps.ndjson').seq
}

/** What its checkpoint has to be, the tree says. @throws PackWrong */
function anchoredIn(line: string): AnchoredLine {
  const path = 'log/anchored.ndjson'
  const { anchor, kind, origin, size, at, checkpoint, evidence } = parsed<Partial<AnchoredLine>>(line, path)
  const texts = [anchor, kind, origin, at, checkpoint]
  if (!texts.every((one) => typeof one === 'string') || typeof evidence !== 'object')
    throw new PackWrong({
      what: `A line of ${path} is no checkpoint of an anchor.`,
      stands: line.slice(0, 200),
    })
  return {
    ...{ anchor: String(anchor), kind: String(kind), origin: String(origin), size: Number(size) },
    ...{ at: String(at), checkpoint: String(checkpoint), evidence },
  }
}

function linesIn(texts: Texts, path: string): readonly string[] {
  const text = texts.get(path)
  if (text === undefined) throw new PackWrong({ what: `${path} is missing from the pack.` })
  return text.split('\n').filter((line) => line !== '')
}

/** An object from outside: whoever reads a member looks at what it is. @throws PackWrong */
function parsed<T extends object>(text: string, path: string): T {
  try {
    const found: unknown = JSON.parse(text)
    if (typeof found === 'object' && found !== null) return found as T
  } catch {
    // said below
  }
  throw new PackWrong({ what: `${path} has something that is no JSON object.`, stands: text.slice(0, 200) })
}
