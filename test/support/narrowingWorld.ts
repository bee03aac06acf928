import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import type { NarrowingAttempt } from '../../src/approvals/personCommand.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { memoryStore } from './memoryStore.ts'
import { narrowingBundle } from './narrowingBundle.ts'
import { ask, attemptBy, submission, testWorld } from './world.ts'

export const columns = ['id', 'name', 'email', 'name']
const asked = { rows: 5_000, columns, format: 'csv' }

/** A world in which agents ask for dumps, and data owners may take less. */
export async function narrowingWorld() {
  const store = memoryStore()
  const world = await testWorld({ store, policy: narrowingBundle() })

  const dump = (change: Parameters<typeof submission>[1] = {}) =>
    ask(world, 'data.dump', submission('data.dump', { ...change, params: { ...asked, ...change.params } }))
  const read = async (id: string): Promise<ActionRequest> => {
    const request = await store.request(id)
    if (!request) throw new Error('it is gone')
    return request
  }
  /** Bob lowers something, unless somebody else does. */
  const lower = (
    id: string,
    lowered: NarrowingAttempt['lowered'],
    change: Partial<NarrowingAttempt> & { readonly by?: string } = {},
  ) => {
    const { by = 'U0BOB', ...more } = change
    return narrow(world.ports, { ...attemptBy(id, by), lowered, reason: null, seen: 'facts', ...more })
  }
  /** What is asked instead. */
  const lessOf = async (id: string): Promise<ActionRequest> => {
    const { narrowed } = await read(id)
    return read(narrowed?.to ?? 'nothing')
  }
  return { store, world, dump, read, lower, lessOf }
}
