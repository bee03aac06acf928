import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerLife } from '../evidence.ts'
import { patiently } from './database.ts'

/** One of two servers on one database: the built command, in a process of its own, over and over. */
export interface Replica {
  readonly name: string
  readonly url: string
  /** Every start of it, oldest first. */
  readonly lives: readonly ServerLife[]
  /** Of the process that runs now, or null. */
  pid(): number | null
  isUp(): boolean
  /** Ends it, waits so many milliseconds, and starts it again, as often as that takes; resolves when it is ready. */
  again(signal: 'SIGKILL' | 'SIGTERM', pauseMs: number): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

interface Life {
  readonly child: ChildProcess
  readonly record: { -readonly [K in keyof ServerLife]: ServerLife[K] } & {
    said: ServerLife['said'][number][]
  }
}

export function createReplica(options: {
  readonly name: string
  readonly port: number
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
}): Replica {
  const { name, port, root } = options
  const url = `http://127.0.0.1:${port}`
  const lives: ServerLife[] = []
  let life: Life | null = null
  let wanted = false
  let closed = false

  const begin = () => {
    if (closed) return // whoever started it again did so while everything ended
    life = live({ ...options, url, log: join(root, `${name}.log`) })
    lives.push(life.record)
    const begun = life
    void once(begun.child, 'close').then(async () => {
      // Whatever runs servers starts one again that ended by itself.
      await delay(1_000)
      if (wanted && life === begun) begin()
    })
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = life
    wanted = false
    life = null
    if (ending) await ended(ending, signal)
  }
  const ready = () =>
    patiently(async () => {
      if (!wanted || closed) return
      if (life?.record.readyAt == null || life.record.ended) throw new Error(`${name} is not ready`)
    })
  const start = () => {
    wanted = true
    begin()
    return ready()
  }
  return {
    name,
    url,
    lives,
    pid: () => (life && !life.record.ended ? (life.child.pid ?? null) : null),
    isUp: () => life !== null && life.record.readyAt !== null && life.record.ended === null,
    async again(signal, pauseMs) {
      await end(signal)
      await delay(pauseMs)
      // One that is not ready after a minute goes on trying; what the run finds at the end says the rest.
      await start().catch(() => {})
    },
    start,
    stop: () => {
      closed = true
      return end('SIGTERM')
    },
  }
}

/** Starts the command and keeps what it says: all of it in a file, what matters in memory. */
function live(options: {
  readonly name: string
  readonly port: number
  readonly url: string
  readonly root: string
  readonly log: string
  readonly environment: Readonly<Record<string, string>>
}): Life {
  const child = spawn(process.execPath, [join(process.cwd(), 'dist/cli/main.js'), 'start'], {
    cwd: options.root, // no .env of whoever runs this
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...options.environment,
      PORT: String(options.port),
      HOST: '127.0.0.1',
      BASE_URL: options.url,
      DATA_DIR: join(options.root, options.name),
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C is for the soak, which stops it in its own time
  })
  const record: Life['record'] = {
    replica: options.name,
    pid: child.pid ?? 0,
    startedAt: Date.now(),
    readyAt: null,
    ended: null,
    said: [],
  }
  const file = createWriteStream(options.log, { flags: 'a' })
  file.write(`--- ${new Date().toISOString()} started as ${record.pid}\n`)
  const life = { child, record }
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      file.write(`${line}\n`)
      hear(life, line)
    })
  child.once('close', (code, signal) => {
    record.ended ??= { at: Date.now(), how: signal ?? `exit code ${code}`, byUs: false }
    file.end()
  })
  return life
}

/** Log lines are JSON with a level; everything else is for people, such as the greeting and the reason for an end. */
function hear({ record }: Life, line: string): void {
  if (/ready at http/.test(line)) record.readyAt ??= Date.now()
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0)
  const isLog = level > 0
  if (isLog ? level >= 50 : line.trim() !== '' && record.said.length < 5_000)
    record.said.push({ at: Date.now(), level, text: line.slice(0, 2_000) })
}

/** A process that does not end on SIGTERM within half a minute is killed; that it had to be is on record. */
async function ended({ child, record }: Life, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (record.ended || child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  record.ended = { at: Date.now(), how: signal, byUs: true }
  child.kill(signal)
  const late = Symbol('late')
  const patience = new AbortController()
  const first = await Promise.race([
    closed,
    delay(30_000, late, { signal: patience.signal }).catch(() => null),
  ])
  patience.abort()
  if (first !== late) return
  record.said.push({ at: Date.now(), level: 60, text: `unhandled: did not end within 30 s of ${signal}` })
  child.kill('SIGKILL')
  await closed
}
