import { constants } from 'node:fs'
import { access, type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type SinkEnd, SinkFault, type StreamSink } from '../approvals/streams/streamSink.ts'
import { entryIn, type Telling, toldAs } from './told.ts'

export interface FileSinkOptions extends Telling, Pick<StreamSink, 'name' | 'begins' | 'atOnce'> {
  /** Absolute. */
  readonly path: string
}

/** Readable by whoever collects, when the group is theirs. */
const mode = 0o640
const chunk = 64 * 1_024
const lineFeed = 10

/**
 * Appends entries to a file, a line each, and makes sure that they are on disk. It is opened for each batch, so that whoever rotates it
 * only has to rename it. Half a line of ours, which a kill or a full disk leaves, is cut off before anything follows it.
 */
export function fileSink({ path, name, begins, atOnce, ...telling }: FileSinkOptions): StreamSink {
  return {
    ...{ name, begins, atOnce },
    end: () => withFile(path, endOf),
    take: (batch) =>
      withFile(path, async (file) => {
        await file.appendFile(batch.map((one) => `${toldAs(one, telling)}\n`).join(''))
        await file.sync()
      }),
    async check() {
      const there = await access(path, constants.W_OK).then(
        () => true,
        () => false,
      )
      if (there) return null
      return access(dirname(path), constants.W_OK).then(
        () => null,
        () => `nothing can be written to ${path}`,
      )
    },
  }
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, mode)
    try {
      if (!(await file.stat()).isFile()) throw foreign(`${path} is no file of bytes on a disk`)
      return await work(file)
    } finally {
      await file.close()
    }
  } catch (fault) {
    if (fault instanceof SinkFault) throw fault
    const code = fault instanceof Error && 'code' in fault ? String(fault.code) : 'unknown'
    throw new SinkFault(`${path} cannot be written (${code})`, { cause: fault })
  }
}

/**
 * The last entry that stands there whole. What follows the last end of a line is cut off, when both are ours: of a file of somebody else
 * nothing is.
 */
async function endOf(file: FileHandle): Promise<SinkEnd | null> {
  const { size } = await file.stat()
  if (size === 0) return null
  const end = (await lastFeedBefore(file, size)) + 1
  if (end === 0) throw foreign('it has no whole line, so nobody can see whose it is')
  const begin = (await lastFeedBefore(file, end - 1)) + 1
  const line = await textIn(file, begin, end - 1)
  const found = entryIn(line)
  if (!found) throw foreign('its last line is none of ours')
  if (end === size) return found
  if (!isBegunLine(await textIn(file, end, Math.min(size, end + longestBeginning)), line))
    throw foreign('what follows its last whole line is none of ours')
  await file.truncate(end)
  await file.sync()
  return found
}

function foreign(what: string): SinkFault {
  return new SinkFault(`${what}: name another file, or move this one away`, { stands: true })
}

async function textIn(file: FileHandle, from: number, to: number): Promise<string> {
  const bytes = Buffer.alloc(to - from)
  await file.read(bytes, 0, bytes.length, from)
  return bytes.toString('utf8')
}

/** How lines of ours begin, in either format. */
const beginnings = ['{"actor":', '{"activity_id":'] as const
const longestBeginning = 40

/** Whether a text is what a line of ours begins with, or that line's own beginning. */
function isBegunLine(text: string, lineBefore: string): boolean {
  const its = lineBefore.slice(0, Math.min(lineBefore.indexOf(':') + 1, longestBeginning))
  return [...beginnings, its].some((one) => one !== '' && (text.startsWith(one) || one.startsWith(text)))
}

/** The place of the last line feed before a place; -1 when there is none. */
async function lastFeedBefore(file: FileHandle, place: number): Promise<number> {
  const piece = Buffer.alloc(chunk)
  for (let until = place; until > 0; ) {
    const from = Math.max(0, until - chunk)
    const { bytesRead } = await file.read(piece, 0, until - from, from)
    const at = piece.subarray(0, bytesRead).lastIndexOf(lineFeed)
    if (at >= 0) return from + at
    until = from
  }
  return -1
}
