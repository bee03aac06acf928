import { EventEmitter, once } from 'node:events'
import { registryTopic } from '../../src/approvals/people/registry.ts'
import type { Store } from '../../src/approvals/ports.ts'
import { stopsTopic } from '../../src/approvals/stops/remember.ts'

/** A store that also says who watches what, so that a test can act when somebody really waits. */
export interface WatchedStore {
  readonly store: Store
  /** Resolves to the first request that has, or gets, this many watchers. */
  watched(count?: number): Promise<string>
  /** Resolves when nobody watches any request. */
  unwatched(): Promise<void>
}

export function watching(inner: Store): WatchedStore {
  const counts = new Map<string, number>()
  const changed = new EventEmitter()
  const count = (topic: string, by: number) => {
    // Of a request somebody waits; what a process remembers it hears of for as long as it lives.
    if (!topic.startsWith('req_')) return
    counts.set(topic, (counts.get(topic) ?? 0) + by)
    changed.emit('changed')
  }
  return {
    store: {
      ...inner,
      watch(topic, wake) {
        const stop = inner.watch(topic, wake)
        // Watched for good, or beside what somebody waits for.
        if (topic === registryTopic || topic === stopsTopic) return stop
        count(topic, 1)
        return () => {
          stop()
          count(topic, -1)
        }
      },
    },
    async watched(wanted = 1) {
      for (;;) {
        const found = [...counts].find(([, watchers]) => watchers >= wanted)
        if (found) return found[0]
        await once(changed, 'changed')
      }
    },
    async unwatched() {
      while ([...counts.values()].some((watchers) => watchers > 0)) await once(changed, 'changed')
    },
  }
}
