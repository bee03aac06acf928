import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import {
  type Anchor,
  AnchorDispute,
  AnchorFault,
  type HowToLook,
  type Reading,
} from '../approvals/ledger/anchors/anchor.ts'
import { oneByOne } from '../approvals/ledger/anchors/oneByOne.ts'
import type { JsonObject } from '../core/json.ts'
import type { Anchored } from '../ledger/anchored.ts'
import { properties, text } from '../policy/format/shape.ts'
import { folderOf, isCheckpoint, isOfLedger, longest, placeOf, saidName } from './layout.ts'
import { type AtPlace, newestOf } from './newestOf.ts'
import { everyIn, ofEveryAnchor } from './ofEveryAnchor.ts'
import { newestFirst, type Place, type Shelf } from './shelf.ts'
import { createThreads, type Threads } from './threads.ts'

export const directorySchema = properties({
  ...ofEveryAnchor,
  kind: z.literal('directory'),
  path: text(1_000),
})

type DirectoryConfig = Omit<z.infer<typeof directorySchema>, 'kind'>

/** What a directory is reached by. */
export interface Reached {
  /** Shared by all that are on file systems which can hang. */
  readonly threads: Threads
  /** Whether it is there: the first that is asked, each time. */
  readonly stat: (path: string) => Promise<unknown>
}

/**
 * Checkpoints as files that are written once: made only where none is, and readable by all from then on. A directory that an operator has
 * named is never made: what is not there may be a disk that is not mounted yet, and an empty one in its place would hide what that has.
 *
 * @param config.isOurs it stands in a directory of ours, and is made there when the first checkpoint comes
 */
export function directoryAnchor(
  { name, every, path, isOurs = false }: DirectoryConfig & { readonly isOurs?: boolean },
  { threads, stat: isThere }: Reached = { threads: createThreads(), stat },
): Anchor {
  const root = resolve(path)
  const told = <T>(work: () => Promise<T>) =>
    threads
      .use(async () => {
        if (!isOurs) await isThere(root)
        return work()
      })
      .catch(faultOf(root))
  const newest = (first: string, reading: Reading, how?: HowToLook) =>
    newestOf(shelfIn(join(root, folderOf(first))), { read: ({ name }) => readOrSay(name), reading, how })
  const place = {
    put: (anchored: Anchored, first: string) => told(() => put({ root, isOurs }, anchored, first)),
    newest: (...asked: Parameters<typeof newest>) => told(() => newest(...asked)),
    ledgers: () => told(() => ledgersIn(root)),
    check: async () => {
      try {
        await told(() => access(root, constants.W_OK | constants.X_OK))
        return { ok: true, detail: `${root} can be written`, fix: null }
      } catch {
        const fix =
          'Make it a directory that the server may write to, on another machine where you can; or mount what belongs there.'
        return { ok: false, detail: `${root} cannot be written`, fix }
      }
    },
  }
  const where = `the directory ${root}`
  return { name, kind: 'directory', ...everyIn(every, 60), ...oneByOne(place, { where }) }
}

async function put(
  { root, isOurs }: { readonly root: string; readonly isOurs: boolean },
  anchored: Anchored,
  first: string,
): Promise<JsonObject> {
  const file = join(root, placeOf(first, anchored))
  if (isOurs) await mkdir(root, { recursive: true })
  await makeFolders(root, dirname(file))
  const made = await write(file, anchored.text)
  if (!made && (await read(file).catch(() => null)) !== anchored.text)
    throw new AnchorDispute(`${file} has another text than the checkpoint that was to be put there`)
  return { file }
}

/** Of so many at most: who looks wants to know that there are some. */
const mostLedgers = 10

async function ledgersIn(root: string): Promise<readonly string[]> {
  const folders = (await names(root)).filter(isOfLedger).slice(0, mostLedgers)
  const found: string[] = []
  for (const folder of folders)
    for await (const { name } of newestFirst(shelfIn(join(root, folder)), Number.POSITIVE_INFINITY)) {
      found.push(saidName((await readOrSay(name)).text, folder))
      break
    }
  return found
}

/**
 * False when a file is there already. Whole, or not there: it gets its name when its bytes are on the disk. Where a file cannot have two
 * names it is made under its own, and what a process that dies there leaves half is said, and an operator removes it.
 */
async function write(file: string, content: string): Promise<boolean> {
  const unfinished = join(dirname(file), `.${randomUUID()}.unfinished`)
  await make(unfinished, content)
  try {
    await link(unfinished, file)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!withoutLinks.has(codeOf(error) ?? '')) throw error
    if (!(await make(file, content))) return false
  } finally {
    await unlink(unfinished)
  }
  await syncDirectory(dirname(file))
  return true
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

async function make(file: string, content: string): Promise<boolean> {
  const handle = await open(file, 'wx', 0o444).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return null
    throw error
  })
  if (!handle) return false
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return true
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** One that cannot be read hides nothing of the others. */
async function readOrSay(file: string): Promise<AtPlace> {
  try {
    const text = await read(file)
    return { text, strange: text === null ? `${file} is no file that a checkpoint could be in` : null }
  } catch (error) {
    const why = codeOf(error)
    if (why === null) throw error
    return { text: null, strange: `${file} cannot be read (${why})` }
  }
}

/** Null when it is no file, or too long. Neither a link is followed nor a pipe waited for. */
async function read(file: string): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    if (!(await handle.stat()).isFile()) return null
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(longest + 1), 0, longest + 1, 0)
    return bytesRead > longest ? null : buffer.subarray(0, bytesRead).toString()
  } finally {
    await handle.close()
  }
}

function shelfIn(ledger: string): Shelf<Place> {
  return {
    folders: (at) => names(join(ledger, ...at)),
    checkpoints: async (at) => {
      const folder = join(ledger, ...at)
      return (await names(folder)).filter(isCheckpoint).map((file) => ({ name: join(folder, file) }))
    },
  }
}

/** What stands in a folder; nothing in one that is not there, or is none. */
async function names(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    const why = codeOf(error)
    if (why === 'ENOENT' || why === 'ENOTDIR') return []
    throw error
  })
}

/** Each below the one before it, and never the root itself. */
async function makeFolders(root: string, folder: string): Promise<void> {
  let at = root
  for (const part of folder.slice(root.length).split(sep)) {
    if (part === '') continue
    at = join(at, part)
    await mkdir(at).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
}

const faultOf = (root: string) => (error: unknown) => {
  if (error instanceof AnchorDispute || error instanceof AnchorFault) throw error
  const why = codeOf(error)
  if (why === 'ENOENT')
    throw new AnchorFault(`the directory ${root} is not there: mount what belongs there, or make it`)
  throw new AnchorFault(
    `the directory ${root} could not be used (${why ?? 'for a reason that it did not say'})`,
  )
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
