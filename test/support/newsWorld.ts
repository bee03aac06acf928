import { testChannel } from './channel.ts'
import { jobsAtWork } from './jobsAtWork.ts'
import { memoryStore } from './memoryStore.ts'
import { keyOf } from './testDirectory.ts'
import { ask, click, testWorld } from './world.ts'

/** A world in which people are told directly what becomes of what agents ask for them. */
export async function newsWorld() {
  const store = memoryStore()
  const world = await testWorld({ store, tells: true })
  const channel = testChannel()
  return {
    ...{ store, world, channel },
    jobs: jobsAtWork({ ports: world.ports, store, channel, clock: world.clock }),
    /** What was told. */
    news: () => channel.said.filter((call) => call.startsWith('news ')),
    /** What waits to be told. */
    waiting: () => [...store.jobs.values()].filter(({ task }) => task === 'news'),
    /** By Alice, and approved by Grace. */
    approved: async () => {
      const { id } = await ask(world, 'deploy.start')
      await click(world, id, 'U0GRACE')
      return id
    },
  }
}

export type NewsWorld = Awaited<ReturnType<typeof newsWorld>>
export const alice = keyOf('U0ALICE')
/** Owns the agent. */
export const lee = keyOf('U0LEE')
