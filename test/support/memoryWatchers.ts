import type { Store, Wake } from '../../src/approvals/ports.ts'
import { readTopic } from '../../src/store/notifications.ts'

/** Who hears of the changes of a store in memory. */
export function memoryWatchers(): Pick<Store, 'watch' | 'watchEvery'> & {
  readonly tell: (topics: readonly string[]) => void
  /** As after a loss: something may have been missed. */
  readonly tellAll: () => void
} {
  const watchers = new Set<{ readonly topic: string; readonly wake: Wake }>()
  const ofEverything = new Set<{ readonly wake: (topic: string | null) => void }>()
  return {
    watch(topic, wake) {
      const watcher = { topic, wake }
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    watchEvery(wake) {
      const watcher = { wake }
      ofEverything.add(watcher)
      return () => void ofEverything.delete(watcher)
    },
    // After the caller has its answer or before: nothing is promised, so it is neither tick nor turn of the caller's.
    tell(topics) {
      setImmediate(() => {
        for (const { topic, version } of topics.map(readTopic)) {
          for (const one of [...watchers]) if (one.topic === topic) one.wake(version)
          for (const { wake } of [...ofEverything]) wake(topic)
        }
      })
    },
    tellAll() {
      setImmediate(() => {
        for (const one of [...watchers]) if (!one.topic.startsWith('beat ')) one.wake()
        for (const { wake } of [...ofEverything]) wake(null)
      })
    },
  }
}
