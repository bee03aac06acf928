import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { PackWrong } from './packWrong.ts'

/** What is kept of a pack while it is read once: hashes of all files, texts of the small ones, and the lines in files of their own. */
export interface Unpacked {
  readonly folder: string
  /** By path, in the order in which they stand: SHA-256 in hexadecimal. */
  readonly hashes: ReadonlyMap<string, string>
  readonly texts: ReadonlyMap<string, string>
}

/** What has a line for each entry, or for each value of one. */
export const lineFiles = ['earlier.ndjson', 'entries.ndjson', 'values.ndjson'] as const

/** What is looked at again. */
const kept = /^(?:manifest\.json|report\.html|SHA256SUMS|log\/[\w.-]+|keys\/[\w.-]+|policy\/[\w.]+)$/
const mostKept = 256 * 1_024 * 1_024
const proof = /\.tlog-proof$/

/**
 * Reads a pack once. `proved` is told each proof as it goes by, with the texts so far; the lines stand in their files by then.
 *
 * @throws PackWrong when it is no pack, or a file is in it twice
 */
export async function unpack(
  file: string,
  folder: string,
  proved: (path: string, text: string, texts: Unpacked['texts']) => void,
): Promise<Unpacked> {
  const hashes = new Map<string, string>()
  const texts = new Map<string, string>()
  const archive = extract()
  const reading = pipeline(createReadStream(file), createGunzip(), archive)
  reading.catch(() => undefined)
  const take = async (path: string, entry: AsyncIterable<Buffer>): Promise<string> => {
    if (isLines(path)) return intoFile(entry, join(folder, path))
    const { hash, text } = await whole(entry, proof.test(path) || kept.test(path))
    if (text !== null && proof.test(path)) proved(path, text, texts)
    else if (text !== null) texts.set(path, text)
    return hash
  }
  try {
    for await (const entry of archive) {
      const { name, type } = entry.header
      if (type !== 'file' || hashes.has(name))
        throw new PackWrong({ what: `${name} is in the pack twice, or is no file.` })
      hashes.set(name, await take(name, entry as AsyncIterable<Buffer>)) // what an archive gives are bytes
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
  return { folder, hashes, texts }
}

function isLines(path: string): path is (typeof lineFiles)[number] {
  return lineFiles.some((one) => one === path)
}

async function intoFile(entry: AsyncIterable<Buffer>, file: string): Promise<string> {
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

async function whole(
  entry: AsyncIterable<Buffer>,
  isKept: boolean,
): Promise<{ readonly hash: string; readonly text: string | null }> {
  const hash = createHash('sha256')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of entry) {
    hash.update(chunk)
    bytes += chunk.length
    if (isKept && bytes <= mostKept) chunks.push(chunk)
  }
  const text = isKept && bytes <= mostKept ? Buffer.concat(chunks).toString('utf8') : null
  return { hash: hash.digest('hex'), text }
}

/** Of the file system, and not of what was read. */
function isOfMachine(fault: unknown): boolean {
  return fault instanceof Error && 'syscall' in fault
}
