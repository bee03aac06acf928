import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, readdir, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { type Anchor, AnchorDispute, AnchorFault } from '../approvals/ledger/anchors/anchor.ts'
import { within } from '../lifetime/limit.ts'
import { properties, text } from '../policy/format/shape.ts'
import { folderOf, isCheckpoint, isFolder, isGeneration, longest, placeOf } from './layout.ts'
import { newestOf } from './newestOf.ts'
import { everyIn, ofEveryAnchor } from './ofEveryAnchor.ts'

export const directorySchema = properties({
  ...ofEveryAnchor,
  kind: z.literal('directory'),
  path: text(1_000),
})

/** Milliseconds: a network file system that hangs must not hold up the others. */
const limitMs = 15_000

/** Checkpoints as files that are written once: made only where none is, and readable by all from then on. */
export function directoryAnchor({
  name,
  every,
  path,
}: Omit<z.infer<typeof directorySchema>, 'kind'>): Anchor {
  const root = resolve(path)
  const told = <T>(work: () => Promise<T>) =>
    within(limitMs, `the directory ${root}`, work).catch(faultOf(root))
  return {
    name,
    kind: 'directory',
    ...everyIn(every, 60),
    put: (anchored, first) =>
      told(async () => {
        const file = join(root, placeOf(first, anchored))
        await mkdir(dirname(file), { recursive: true })
        const made = await write(file, anchored.text)
        if (!made && (await read(file)) !== anchored.text)
          throw new AnchorDispute(`${file} has another text than the checkpoint that was to be put there`)
        return { file }
      }),
    newest: (first, reading) =>
      told(() =>
        newestOf(filesIn(join(root, folderOf(first))), {
          read: async (file) => ({ text: await read(file), strange: null }),
          reading,
        }),
      ),
    check: async () => {
      try {
        await within(limitMs, root, () => access(root, constants.W_OK | constants.X_OK))
        return { ok: true, detail: `${root} can be written`, fix: null }
      } catch {
        const fix = 'Make it a directory that the server may write to, on another machine where you can.'
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

async function read(file: string): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY)
  try {
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

const faultOf = (root: string) => (error: unknown) => {
  if (error instanceof AnchorDispute) throw error
  const why = codeOf(error)
  throw new AnchorFault(`the directory ${root} could not be used (${why ?? 'no answer in time'})`)
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null
}
