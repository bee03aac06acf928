import { Socket } from 'node:net'
import { Client } from 'pg'
import type { Wake } from '../approvals/ports.ts'
import type { Log } from './log.ts'
import { prepareSession } from './session.ts'

/** A topic as it is sent: ids have no such sign in them. */
export function topicWith(id: string, version: number): string {
  return `${id}@${version}`
}

/** What was sent, read. */
export function readTopic(sent: string): { readonly topic: string; readonly version: number | undefined } {
  const [topic = '', version] = sent.split('@')
  return { topic, version: version === undefined ? undefined : Number(version) }
}

/** Wakes whoever watches a topic, on whichever replica the change was committed. */
export interface Notifications {
  watch(topic: string, wake: Wake): () => void
  /** The same for every topic: woken by whatever is committed. */
  watchAll(wake: () => void): () => void
  /** The same with the topic: null where something may have been missed. */
  watchEvery(wake: (topic: string | null) => void): () => void
  /** Only for what really arrived; what is watched is also woken when something may have been missed. */
  hear(topic: string, heard: () => void): () => void
  /** Gives up the connection, whatever it seems to be, and opens another; the watchers are woken then. */
  reopen(): void
  close(): Promise<void>
}

/** How long to wait before connecting again: doubles from the first to the last, in milliseconds. */
const backoff = { first: 50, last: 5_000 } as const

/**
 * How long connecting, each answer, and ending in order may take, in milliseconds. The first connection is part of a
 * start, which fails with it: it has the time that a busy machine may need. Each later one is followed by another.
 */
const usual = { firstMs: 60_000, answerMs: 5_000, endMs: 1_000 }
type Limits = typeof usual

/** `signal` ends the opening of the first connection, which may take long, at once. */
type How = Partial<Limits> & { readonly signal?: AbortSignal }

/**
 * Listens on a connection of its own. When it is lost, notifications may be lost with it: so after connecting again
 * every watcher is woken, and looks for itself. A connection can also go silent without a word (a firewall that drops
 * what it knows, a cable): only somebody who expects to hear something finds that out, and says `reopen`.
 */
export async function listen(databaseUrl: string, log: Log, how: How = {}): Promise<Notifications> {
  const watchers = topics()
  const anything = topics()
  const every = new Set<{ readonly wake: (topic: string | null) => void }>()
  const hearers = topics()
  let first = true
  const openLine = (heard: Ear['heard']) => {
    const { firstMs, answerMs, ...rest } = { ...usual, ...how }
    const limits = first ? { ...rest, answerMs: firstMs } : { ...rest, answerMs, signal: undefined }
    first = false
    return openConnection(databaseUrl, heard, limits)
  }
  const line = await keepListening(openLine, log, {
    heard(sent) {
      const { topic, version } = readTopic(sent)
      hearers.call(topic, version)
      watchers.call(topic, version)
      anything.callAll()
      for (const { wake } of [...every]) wake(topic)
    },
    again() {
      watchers.callAll()
      anything.callAll()
      for (const { wake } of [...every]) wake(null)
    },
  })
  return {
    watch: watchers.add,
    watchAll: (wake) => anything.add('', wake),
    watchEvery(wake) {
      const one = { wake }
      every.add(one)
      return () => void every.delete(one)
    },
    hear: hearers.add,
    reopen: line.reopen,
    close: line.close,
  }
}

/** Callbacks by topic. */
function topics() {
  const byTopic = new Map<string, Set<Wake>>()
  const call = (callbacks: Iterable<Wake>, version?: number) => {
    for (const one of [...callbacks]) one(version)
  }
  return {
    add(topic: string, callback: Wake): () => void {
      const one: Wake = (version) => callback(version) // a function of its own, so that the same callback can be there twice
      const callbacks = byTopic.get(topic) ?? new Set()
      byTopic.set(topic, callbacks.add(one))
      return () => {
        callbacks.delete(one)
        if (callbacks.size === 0 && byTopic.get(topic) === callbacks) byTopic.delete(topic)
      }
    },
    call: (topic: string, version: number | undefined) => call(byTopic.get(topic) ?? [], version),
    callAll: () => call([...byTopic.values()].flatMap((callbacks) => [...callbacks])),
  }
}

interface Ear {
  readonly heard: (topic: string) => void
  /** Connected again after a loss. */
  readonly again: () => void
}

interface Line {
  readonly reopen: () => void
  readonly close: () => Promise<void>
}

/** Resolves once it listens. */
async function keepListening(
  openLine: (heard: Ear['heard']) => Promise<Connection>,
  log: Log,
  ear: Ear,
): Promise<Line> {
  let closed = false
  let open: Connection | null = null
  let retry: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = await openLine(ear.heard)
    if (closed) return next.close()
    open = next
    // It may have been lost between its first answer and now: then this is called at once.
    next.onLost(() => {
      if (closed || open !== next) return
      log.warn({}, 'lost the connection that hears about changes; connecting again')
      reconnect(backoff.first)
    })
  }
  const reconnect = (delay: number): void => {
    open = null
    if (closed) return
    clearTimeout(retry)
    retry = setTimeout(() => {
      connect().then(
        () => closed || ear.again(),
        () => reconnect(Math.min(delay * 2, backoff.last)),
      )
    }, delay)
    retry.unref()
  }
  await connect()
  return {
    reopen() {
      // While it is being opened already, that goes on: it has a limit of time.
      if (!open || closed) return
      log.warn({}, 'the connection that hears about changes has gone silent; connecting again')
      open.destroy()
      reconnect(0)
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await open?.close()
    },
  }
}

interface Connection {
  readonly onLost: (lost: () => void) => void
  /** At once, without a word to the other side, which may not be there to hear it. */
  readonly destroy: () => void
  readonly close: () => Promise<void>
}

/** A connection that listens. Nothing is left open when it throws. */
async function openConnection(
  databaseUrl: string,
  heard: Ear['heard'],
  { answerMs, endMs, signal }: Omit<Limits, 'firstMs'> & { readonly signal?: AbortSignal | undefined },
): Promise<Connection> {
  signal?.throwIfAborted()
  // The socket is ours, so that it can be destroyed: ending a client waits for an answer.
  const socket = new Socket()
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'countersign listen',
    keepAlive: true,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    stream: () => socket,
  })
  const destroy = () => void socket.destroy()
  const gone = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
  })
  client.on('notification', ({ payload }) => payload !== undefined && heard(payload))
  signal?.addEventListener('abort', destroy, { once: true })
  try {
    await client.connect()
    await prepareSession(client)
    await client.query('LISTEN countersign')
  } catch (error) {
    destroy()
    throw error
  } finally {
    signal?.removeEventListener('abort', destroy)
  }
  return {
    onLost: (lost) => void gone.then(lost),
    destroy,
    async close() {
      const limit = setTimeout(destroy, endMs)
      await Promise.race([client.end().catch(() => undefined), gone])
      clearTimeout(limit)
      destroy()
    },
  }
}
