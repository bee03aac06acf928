import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'
import { sha256Of, sumLine } from '../../approvals/evidence/makePack.ts'
import type { PackSink } from '../../approvals/evidence/pack.ts'
import type { Prover } from '../../approvals/evidence/prover.ts'
import { TreeFault } from '../../approvals/ledger/ledgerStore.ts'
import { tlogProofText } from '../../ledger/tlogProof.ts'
import { isIncluded, type TreeHead } from '../../ledger/verifyProof.ts'

export interface PackFileOptions {
  readonly out: string
  readonly prover: Pick<Prover, 'path'>
  readonly head: TreeHead & { readonly checkpoint: string }
  readonly signal: AbortSignal
}

/** Everything in the archive has the same of these, so that the bytes depend on what is recorded and on nothing else. */
const sameForAll = {
  mtime: new Date(0),
  mode: 0o644,
  uid: 0,
  gid: 0,
  uname: '',
  gname: '',
  type: 'file',
} as const

/**
 * Writes a pack as one file, which is there whole or not at all: what is not done has another name, `….part`, and is removed at every end; whoever
 * is killed leaves that, and the next one to write the file begins it anew. What has to be measured before it can stand in the archive waits in
 * files without a name, on the same disk.
 */
export async function writePackFile<T>(
  options: PackFileOptions,
  work: (sink: PackSink) => Promise<T>,
): Promise<T> {
  const { out, signal } = options
  const part = `${out}.part`
  const spools: OpenSpool[] = []
  const archive = pack()
  const ending = new AbortController()
  const written = pipeline(archive, createGzip({ level: 6 }), createWriteStream(part, { flush: true }), {
    signal: ending.signal,
  })
  // Whatever ends it early is thrown where the next file is written.
  written.catch(() => undefined)
  try {
    const done = await work(await sinkOf(archive, spools, options))
    archive.finalize()
    await written
    signal.throwIfAborted()
    await rename(part, out)
    await syncFolder(dirname(out))
    return done
  } catch (fault) {
    ending.abort()
    await written.catch(() => undefined)
    await rm(part, { force: true })
    throw fault
  } finally {
    for (const spool of spools) await spool.close()
  }
}

type Archive = ReturnType<typeof pack>

/** Puts files into the archive one at a time, as fast as they are written out. */
function writerOf(archive: Archive, signal: AbortSignal) {
  return {
    async put(path: string, text: string): Promise<string> {
      signal.throwIfAborted()
      const bytes = Buffer.from(text)
      await new Promise<void>((resolve, reject) => {
        archive.entry({ ...sameForAll, name: path, size: bytes.length }, bytes, (fault) =>
          fault ? reject(fault) : resolve(),
        )
      })
      return sha256Of(bytes)
    },
    async putSpool(path: string, spool: OpenSpool): Promise<string> {
      signal.throwIfAborted()
      const { size, sha256 } = await spool.end()
      await pipeline(spool.read(), archive.entry({ ...sameForAll, name: path, size }), { signal })
      await spool.close()
      return sha256
    },
  }
}

async function sinkOf(
  archive: Archive,
  all: OpenSpool[],
  { out, prover, head, signal }: PackFileOptions,
): Promise<PackSink> {
  const spools = new Map<string, OpenSpool>()
  const begun = async (): Promise<OpenSpool> => {
    const name = `.${basename(out)}.spool-${all.length}`
    const spool = await openSpool(join(dirname(out), name), signal)
    all.push(spool)
    return spool
  }
  const { put, putSpool } = writerOf(archive, signal)
  let files = 0
  const sums = await begun()
  const summed = async (path: string, sha256: string): Promise<void> => {
    files += 1
    await sums.write(sumLine(path, sha256))
  }
  return {
    async spool(path) {
      const spool = await begun()
      spools.set(path, spool)
      return spool
    },
    async add(path) {
      const spool = spools.get(path)
      if (!spool) throw new RangeError(`${path} was not begun`)
      await summed(path, await putSpool(path, spool))
    },
    file: async (path, text) => summed(path, await put(path, text)),
    async proof(path, leaf) {
      const beside = await prover.path(leaf.index)
      if (!isIncluded(head, leaf, beside))
        throw new TreeFault(`the hashes of the tree do not prove the entry at index ${leaf.index}`)
      await summed(
        path,
        await put(path, tlogProofText({ ...leaf, path: beside, checkpoint: head.checkpoint })),
      )
    },
    async sums(path) {
      return { files, sha256: await putSpool(path, sums) }
    },
    async last(path, text) {
      await put(path, text)
    },
  }
}

interface OpenSpool {
  write(text: string): Promise<void>
  /** Nothing more is written. */
  end(): Promise<{ readonly size: number; readonly sha256: string }>
  read(): Readable
  /** It is gone. */
  close(): Promise<void>
}

/** Its name is gone as soon as it is open, so nothing is left of it, however this process ends; whoever is killed between leaves an empty file, which the next one replaces. */
async function openSpool(file: string, signal: AbortSignal): Promise<OpenSpool> {
  await rm(file, { force: true })
  const handle = await open(file, 'wx+')
  await rm(file, { force: true })
  const stream = handle.createWriteStream({ autoClose: false })
  const hash = createHash('sha256')
  let size = 0
  let fault: Error | null = null
  stream.on('error', (error) => {
    fault = error
  })
  return {
    async write(text) {
      signal.throwIfAborted()
      if (fault) throw fault
      const bytes = Buffer.from(text)
      hash.update(bytes)
      size += bytes.length
      if (!stream.write(bytes)) await once(stream, 'drain')
    },
    async end() {
      stream.end()
      if (!stream.writableFinished && !fault) await once(stream, 'finish')
      if (fault) throw fault
      return { size, sha256: hash.digest('hex') }
    },
    read: () => handle.createReadStream({ start: 0, autoClose: false }),
    async close() {
      stream.destroy()
      await handle.close().catch(() => undefined) // closed before
    },
  }
}

/** So that the name is there after a crash, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().finally(() => handle.close())
}
