import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A process of the bench's own. */
export interface Child {
  readonly pid: number
  /** Rejects when it ends before it has said that. */
  says(what: RegExp): Promise<RegExpExecArray>
  /** Asks it to end, and sees to it. */
  stop(): Promise<void>
}

/** A program of the bench's own, which stands bundled beside this one: `bareServer`. */
export const programOf = (name: string): string => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url))

/** Milliseconds to end in, before it is killed. */
const patience = 30_000

export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Hears each line that it prints. */
  readonly hears?: (line: string) => void
}

/** Detached: Ctrl-C is for the bench, which stops it in its own time. */
export function startChild({ command, args, env = {}, cwd, hears }: Command): Child {
  const child = spawn(command, args, {
    ...(cwd && { cwd }),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  // It ends with the bench, however that ends.
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  child.once('close', () => process.off('exit', endWithUs))
  const heard = listenTo(child)
  if (hears && child.stdout) createInterface({ input: child.stdout }).on('line', hears)
  return {
    pid: child.pid ?? -1,
    says: heard,
    async stop() {
      if (hasEnded(child)) return
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      const over = new AbortController()
      const late = delay(patience, 'late', { signal: over.signal }).catch(() => null)
      const ended = await Promise.race([closed, late])
      over.abort()
      if (ended === 'late') child.kill('SIGKILL')
      await closed
    },
  }
}

const hasEnded = ({ exitCode, signalCode, pid }: ChildProcess) =>
  exitCode !== null || signalCode !== null || pid === undefined

/** What it says is kept only until it has said what was waited for, and its last words. */
function listenTo(child: ChildProcess): Child['says'] {
  let said = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-20_000)
    for (const listener of [...listeners]) listener()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  return (what) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = what.exec(said)
        if (!found) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      child.once('error', reject)
      child.once('close', (code, signal) =>
        reject(new Error(`${child.spawnfile} ended with ${signal ?? code}: ${said.trim().slice(-500)}`)),
      )
      look()
    })
}
