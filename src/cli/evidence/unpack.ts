import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { PackWrong } from './packWrong.ts'
import { type StandingFiles, standingFiles } from './standingFiles.ts'

/**
 * What is kept of a pack while it is read once: the texts of a few files. Whatever grows with the entries, the files, the policies or the
 * checkpoints stands in the folder.
 */
export interface Unpacked {
  readonly folder: string
  readonly standing: StandingFiles
  readonly texts: ReadonlyMap<string, string>
}

/** What has a line for each entry, or for each value of one. */
export const lineFiles = ['earlier.ndjson', 'entries.ndjson', 'values.ndjson'] as const

/** What is read again, line by line or one by one, from the folder. */
const inFolder = /^(?:(?:earlier|entries|values)\.ndjson|log\/anchored\.ndjson|SHA256SUMS|policy\/\w[\w.]*)$/

/** What is looked at again, as a text. */
const kept = /^(?:manifest\.json|report\.html|log\/[\w.-]+|keys\/[\w.-]+)$/
/** Bytes of these that are held, of all together: far more than a pack has. */
const mostKept = 256 * 1_024 * 1_024
const proof = /\.tlog-proof$/
/** Bytes of a proof: a path through a tree of any size has a few thousand. */
const mostProof = 64 * 1_024

/** Where a file of a pack stands that is read again. */
export function unpackedAt(folder: string, path: string): string {
  return join(folder, 'files', path)
}

/**
 * Reads a pack once. `proved` is told each proof as it goes by, with the texts so far, and says of which entry it is; the lines stand in
 * their files by then.
 *
 * @throws PackWrong when it is no pack, or a file is in it twice
 */
export async function unpack(
  file: string,
  folder: string,
  proved: (path: string, text: string, texts: Unpacked['texts']) => number,
): Promise<Unpacked> {
  for (const made of ['log', 'policy']) mkdirSync(unpackedAt(folder, made), { recursive: true })
  const standing = standingFiles(folder)
  const texts = new Map<string, string>()
  const archive = extract()
  const reading = pipeline(createReadStream(file), createGunzip(), archive)
  reading.catch(() => undefined)
  const held = { bytes: 0 }
  const take = async (path: string, entry: AsyncIterable<Buffer>) => {
    if (inFolder.test(path)) return { sha256: await intoFile(entry, path, folder), proves: null }
    const isProof = proof.test(path)
    const { sha256, text } = await whole(entry, isProof ? mostProof : keptBytes(path, held))
    if (isProof) return { sha256, proves: proved(path, text ?? '', texts) }
    if (text !== null) keep(path, text, { texts, held })
    return { sha256, proves: null }
  }
  try {
    for await (const entry of archive) {
      const { name, type } = entry.header
      if (type !== 'file') throw new PackWrong({ what: `${name} is in the pack, and is no file.` })
      standing.add({ path: name, ...(await take(name, entry as AsyncIterable<Buffer>)) }) // what an archive gives are bytes
    }
    await reading
  } catch (fault) {
    if (fault instanceof PackWrong || isOfMachine(fault)) throw fault
    throw new PackWrong({
      what: 'The pack cannot be read: it is cut off, or no archive of this kind.',
      expected: 'a tar that was packed with gzip',
      stands: fault instanceof Error ? fault.message : String(fault),
    })
  }
  return { folder, standing, texts }
}

interface Held {
  bytes: number
}

function keptBytes(path: string, held: Held): number {
  return kept.test(path) ? mostKept - held.bytes : 0
}

function keep(
  path: string,
  text: string,
  { texts, held }: { readonly texts: Map<string, string>; readonly held: Held },
): void {
  if (texts.has(path)) throw new PackWrong({ what: `${path} is in the pack twice.` })
  held.bytes += Buffer.byteLength(text)
  texts.set(path, text)
}

async function intoFile(entry: AsyncIterable<Buffer>, path: string, folder: string): Promise<string> {
  const file = unpackedAt(folder, path)
  if (existsSync(file)) throw new PackWrong({ what: `${path} is in the pack twice.` })
  const hash = createHash('sha256')
  const hashed = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(entry, hashed, createWriteStream(file))
  return hash.digest('hex')
}

/** Its text, when it has no more than so many bytes. */
async function whole(
  entry: AsyncIterable<Buffer>,
  most: number,
): Promise<{ readonly sha256: string; readonly text: string | null }> {
  const hash = createHash('sha256')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of entry) {
    hash.update(chunk)
    bytes += chunk.length
    if (bytes <= most) chunks.push(chunk)
  }
  const text = most > 0 && bytes <= most ? Buffer.concat(chunks).toString('utf8') : null
  return { sha256: hash.digest('hex'), text }
}

/** Of the file system, and not of what was read. */
function isOfMachine(fault: unknown): boolean {
  return fault instanceof Error && 'syscall' in fault
}
