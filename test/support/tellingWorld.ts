import type { Change } from '../../src/approvals/change.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { knownWebhooks } from '../../src/approvals/webhooks/known.ts'
import { tellEverybody } from '../../src/approvals/webhooks/tellEverybody.ts'
import { testChannel } from './channel.ts'
import { jobsAtWork } from './jobsAtWork.ts'
import { type MemoryStore, memoryStore } from './memoryStore.ts'
import { testWorld } from './world.ts'

/** A world in memory whose changes are told to whoever wants to hear of them, and its worker. */
export async function tellingWorld() {
  const memory = memoryStore()
  /** What reached the store, as it came. */
  const changes: Change[] = []
  const noted: MemoryStore = {
    ...memory,
    commit(change) {
      changes.push(change)
      return memory.commit(change)
    },
  }
  const store: MemoryStore = {
    ...memory,
    ...tellEverybody(noted, { known: knownWebhooks(memory), ids: randomIds }),
  }
  const world = await testWorld({ store })
  const jobs = jobsAtWork({ ...world, store, channel: testChannel() })
  return { ...world, store, changes, jobs }
}
