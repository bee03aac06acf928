import { report } from '../../src/approvals/executions/report.ts'
import type { Submission } from '../../src/approvals/submission.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { castOf, type Granted, granted, redeems } from './grantedRequest.ts'
import { memoryStore } from './memoryStore.ts'
import { said } from './reportingWorld.ts'
import { ask, click, testWorld, type World } from './world.ts'

/** A world in memory, with all who may redeem in it. */
export async function rollbackWorld() {
  const store = memoryStore()
  const world = await testWorld({ store })
  return { store, world, cast: await castOf(world) }
}

/** What Grace approved, redeemed and not reported yet. */
export async function running(world: World): Promise<Granted> {
  const what = await granted(world)
  await redeems(world, what, { agent: world.agent.agent, key: world.agent.key })
  return what
}

/** The agent says how it ended. */
export async function ends(
  world: World,
  { id }: Pick<ActionRequest, 'id'>,
  state: 'succeeded' | 'failed',
): Promise<ActionRequest> {
  const by = { kind: 'agent', id: world.agent.agent.id, via: 'api' } as const
  const { request } = await report(world.ports, { request: id, by, report: said(state) })
  return request
}

/** What Grace approved, and was done. */
export async function done(world: World): Promise<ActionRequest> {
  const { request } = await running(world)
  return ends(world, request, 'succeeded')
}

/** The agent asks to undo it, by what Grace has to approve. */
export function undo(world: World, first: Pick<ActionRequest, 'id'>, change: Partial<Submission> = {}) {
  return ask(world, 'table.drop', { rollsBack: first.id, ...change })
}

/** The same, approved. */
export async function undoApproved(
  world: World,
  first: Pick<ActionRequest, 'id'>,
  change: Partial<Submission> = {},
): Promise<ActionRequest> {
  const { id } = await undo(world, first, change)
  return (await click(world, id, 'U0GRACE')).request
}
