import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StartFault } from '../server/startFault.ts'

/**
 * Writes text to a file, or to standard output where it is `-`, no faster than it is taken. A file is called FILE.part until it is
 * whole, and is on disk when this returns: half of one never has the name. `mode` is who may read it, where it is new.
 *
 * @throws StartFault when it cannot be written
 */
export async function writeOut(out: string, text: AsyncIterable<string>, mode = 0o666): Promise<void> {
  if (out === '-') return toStandardOutput(text)
  const part = `${out}.part`
  try {
    await pipeline(text, createWriteStream(part, { flush: true, mode }))
    await rename(part, out)
  } catch (fault) {
    await rm(part, { force: true }).catch(() => undefined)
    throw isOfSystem(fault)
      ? new StartFault({
          problem: `${out} cannot be written.`,
          fix: 'Name a file in a directory that you may write to, and that has room; or - for standard output.',
          cause: fault,
        })
      : fault
  }
}

/** It stays open: others may have something to say there afterwards. */
async function toStandardOutput(text: AsyncIterable<string>): Promise<void> {
  const through = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, written) => void process.stdout.write(chunk, (fault) => written(fault)),
  })
  const ignored = () => undefined
  process.stdout.on('error', ignored) // said by the callback
  try {
    await pipeline(text, through)
  } catch (fault) {
    if (!isOfSystem(fault)) throw fault
    throw new StartFault({
      problem: 'Whoever reads what is printed has stopped reading.',
      fix: 'Let it read to the end, or name a file with --out.',
      cause: fault,
    })
  } finally {
    process.stdout.off('error', ignored)
  }
}

function isOfSystem(fault: unknown): boolean {
  return fault instanceof Error && 'syscall' in fault && !('severity' in fault)
}
