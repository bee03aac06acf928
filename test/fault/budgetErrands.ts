import { submit } from '../../src/approvals/submit.ts'
import { countedBundle } from '../support/countedBundle.ts'
import { envelope, submission } from '../support/world.ts'
import { type Errand, story } from './errand.ts'
import type { Stage } from './stage.ts'

async function countedOf({ store, world }: Stage): Promise<number | undefined> {
  const key = JSON.stringify(['refunds_a_day', 'agent', world.agent.agent.id])
  const [numbers] = await store.budgetNumbers([{ key, since: '2026-11-24T00:00:00.000Z', except: null }])
  return numbers?.count
}

/** What is counted stands in the same commit as what it counts, so it is there once or not at all. */
export const budgetErrands: Readonly<Record<string, Errand>> = {
  'asking for what a budget allows': {
    arrange: async ({ world }) => {
      world.setPolicy(countedBundle())
      await world.ports.renewPolicy()
      const what = submission('refund.create', { params: { amount: 100 } })
      const who = envelope(world)
      return ({ ports }) => submit(ports, who, what)
    },
    result: async (stage) => ({ ...(await story(stage)), counted: await countedOf(stage) }),
    expected: { states: ['approved'], entries: ['request.submitted', 'request.approved'], counted: 1 },
  },
}
