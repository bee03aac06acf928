import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { ask, attemptBy, submission } from '../support/world.ts'
import { type Errand, story } from './errand.ts'
import { drain } from './stage.ts'

/** Bob lowers the rows of what was asked; whoever is told that nobody could check who they are does it again, by another click. */
const lowering = (rows: number): Errand['arrange'] => {
  return async (stage) => {
    stage.world.setPolicy(narrowingBundle())
    const asked = submission('data.dump', { params: { rows, columns: ['id', 'name'] } })
    const { id } = await ask(stage.world, 'data.dump', asked)
    await drain(stage)
    const lowered = { rows: 50, columns: ['id'] }
    let attempt = { ...attemptBy(id, 'U0BOB'), lowered, reason: 'Enough.', seen: 'facts' }
    return async ({ ports }) => {
      try {
        await narrow(ports, attempt)
      } catch (fault) {
        if (fault instanceof Refusal && fault.passes) attempt = { ...attempt, ...attemptBy(id, 'U0BOB') }
        throw fault
      }
    }
  }
}

export const narrowErrands: Readonly<Record<string, Errand>> = {
  'narrowing what one person decides': {
    arrange: lowering(5_000),
    result: async (stage) => ({ ...(await story(stage)), posted: await posted(stage) }),
    expected: {
      states: ['approved', 'denied'],
      entries: [
        ...['request.submitted', 'request.narrowed', 'request.submitted'],
        ...['decision.made', 'request.approved'],
      ],
      posted: 2,
    },
  },
  'narrowing what others have to agree to as well': {
    arrange: lowering(100_000),
    result: async (stage) => ({ ...(await story(stage)), posted: await posted(stage) }),
    expected: {
      states: ['pending', 'denied'],
      entries: ['request.submitted', 'request.narrowed', 'request.submitted', 'decision.made'],
      posted: 2,
    },
  },
}

/** Requests that have a card. */
async function posted({ store }: Parameters<Errand['result']>[0]): Promise<number> {
  const requests = await store.requests({ limit: 10 })
  const cards = await Promise.all(requests.map(({ id }) => store.cards(id)))
  return cards.filter((one) => one.some(({ status }) => status === 'posted')).length
}
