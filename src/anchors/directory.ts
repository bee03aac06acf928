import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { type Anchor, AnchorDispute, AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import { within } from '../lifetime/limit.ts'
import { properties, text } from '../policy/format/shape.ts'
import { folderOf, isCheckpoint, isFolder, isGeneration, longest, placeOf } from './layout.ts'
import { type AtPlace, newestOf } from './newestOf.ts'
import { everyIn, ofEveryAnchor } from './ofEveryAnchor.ts'

export const directorySchema = properties({
  ...ofEveryAnchor,
  kind: z.literal('directory'),
  path: text(1_000),
})

/** Milliseconds: a network file system that hangs must not hold up the others. */
const limitMs = 15_000

type DirectoryConfig = Omit<z.infer<typeof directorySchema>, 'kind'>

/**
 * Checkpoints as files that are written once: made only where none is, and readable by all from then on. A directory that an operator has
 * named is never made: what is not there may be a disk that is not mounted yet, and an empty one in its place would hide what that has.
 *
 * @param config.isOurs it stands in a directory of ours, and is made there when the first checkpoint comes
 */
export function directoryAnchor({
  name,
  every,
  path,
  isOurs = false,
}: DirectoryConfig & { readonly isOurs?: boolean }): Anchor {
  const root = resolve(path)
  const oneByOne = inOrder(`the directory ${root}`)
  const told = <T>(work: () => Promise<T>, longMs?: number) =>
    oneByOne(async () => {
      if (!isOurs) await stat(root)
      return work()
    }, longMs).catch(faultOf(root))
  return {
    name,
    kind: 'directory',
    ...everyIn(every, 60),
    put: (anchored, first) =>
      told(async () => {
        const file = join(root, placeOf(first, anchored))
        if (isOurs) await mkdir(root, { recursive: true })
        await makeFolders(root, dirname(file))
        const made = await write(file, anchored.text)
        if (!made && (await read(file).catch(() => null)) !== anchored.text)
          throw new AnchorDispute(`${file} has another text than the checkpoint that was to be put there`)
        return { file }
      }),
    newest: (first, reading, how) =>
      told(() => newestOf(filesIn(join(root, folderOf(first))), { read: readOrSay, reading, how }), limitMs),
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

async function* filesIn(folder: string): AsyncGenerator<string> {
  for (const generation of await names(folder, isGeneration))
    for (const part of await names(join(folder, generation), isFolder))
      for (const file of await names(join(folder, generation, part), isCheckpoint))
        yield join(folder, generation, part, file)
}

/** The last in order first. */
async function names(folder: string, fits: (name: string) => boolean): Promise<readonly string[]> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  return found.filter(fits).sort().reverse()
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

/**
 * One call after the other. A network file system that hangs keeps a thread of this process for each call, and there are few: so nothing new
 * is begun while the last call has not returned, however long ago it was given up.
 */
function inOrder(what: string) {
  let last: Promise<void> | null = null
  return async <T>(work: () => Promise<T>, longMs = limitMs): Promise<T> => {
    for (let before = last; before !== null; before = last) await waitFor(before, what)
    const begun = work()
    const ended = () => {
      last = null
    }
    last = begun.then(ended, ended)
    return within(longMs, what, () => begun)
  }
}

function waitFor(before: Promise<void>, what: string): Promise<void> {
  return within(limitMs, `an earlier call of ${what}`, () => before)
}

const faultOf = (root: string) => (error: unknown) => {
  if (error instanceof AnchorDispute) throw error
  const why = codeOf(error)
  if (why === 'ENOENT')
    throw new AnchorFault(`the directory ${root} is not there: mount what belongs there, or make it`)
  throw new AnchorFault(`the directory ${root} could not be used (${why ?? 'no answer in time'})`)
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
