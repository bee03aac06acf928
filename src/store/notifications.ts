import { Client } from 'pg'
import type { Log } from './log.ts'

/** Wakes whoever watches a topic, on whichever replica the change was committed. */
export interface Notifications {
  watch(topic: string, wake: () => void): () => void
  close(): Promise<void>
}

/** How long to wait before connecting again: doubles from the first to the last, in milliseconds. */
const backoff = { first: 50, last: 5_000 } as const

/**
 * Listens on a connection of its own. When it is lost, notifications may be lost with it: so after connecting again
 * every watcher is woken, and looks for itself.
 */
export async function listen(databaseUrl: string, log: Log): Promise<Notifications> {
  const watchers = new Map<string, Set<() => void>>()
  const wake = (wakes: Iterable<() => void>) => {
    for (const one of [...wakes]) one()
  }
  const stop = await keepListening(databaseUrl, log, {
    heard: (topic) => wake(watchers.get(topic) ?? []),
    again: () => wake([...watchers.values()].flatMap((wakes) => [...wakes])),
  })
  return {
    watch(topic, wake) {
      const one = () => wake() // a function of its own, so that the same callback can watch twice
      const wakes = watchers.get(topic) ?? new Set()
      watchers.set(topic, wakes.add(one))
      return () => {
        wakes.delete(one)
        if (wakes.size === 0 && watchers.get(topic) === wakes) watchers.delete(topic)
      }
    },
    close: stop,
  }
}

interface Ear {
  readonly heard: (topic: string) => void
  /** Connected again after a loss. */
  readonly again: () => void
}

/** Resolves once it listens; returns how to stop. */
async function keepListening(databaseUrl: string, log: Log, ear: Ear): Promise<() => Promise<void>> {
  let closed = false
  let client: Client | null = null
  let retry: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const next = new Client({
      connectionString: databaseUrl,
      application_name: 'countersign listen',
      keepAlive: true,
    })
    let lost = false
    const lose = () => {
      if (lost || closed || client !== next) return
      lost = true
      log.warn({}, 'lost the connection that hears about changes; connecting again')
      reconnect(backoff.first)
    }
    next.on('notification', ({ payload }) => payload !== undefined && ear.heard(payload))
    next.on('error', lose)
    next.on('end', lose)
    await next.connect()
    await next.query('LISTEN countersign')
    if (closed) return next.end()
    client = next
  }
  const reconnect = (delay: number): void => {
    if (closed) return
    retry = setTimeout(() => {
      connect().then(ear.again, () => reconnect(Math.min(delay * 2, backoff.last)))
    }, delay)
    retry.unref()
  }
  await connect()
  return async () => {
    closed = true
    clearTimeout(retry)
    await client?.end().catch(() => undefined)
  }
}
