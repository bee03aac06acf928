import { type Report, report } from '../../src/approvals/executions/report.ts'
import type { Reporter } from '../../src/approvals/executions/reporter.ts'
import type { ExecutionState } from '../../src/core/execution.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { moved } from './executing.ts'
import { memoryStore } from './memoryStore.ts'
import { ask, click, testWorld } from './world.ts'

export const resource = {
  kind: 'resource',
  id: 'rsc_1',
  via: 'api',
  audience: 'warehouse',
} as const satisfies Reporter

/** What is reported where a test does not say otherwise. */
export function said(state: ExecutionState, change: Partial<Report> = {}): Report {
  return { state, action: null, digest: null, result: null, links: [], note: null, ...change }
}

/** The kinds of deviation of each report, in order. */
export const kindsIn = ({ executions = [] }: ActionRequest) =>
  executions.map(({ deviations }) => deviations.map(({ kind }) => kind))

/** A world in which something was approved, and somebody reports what was done. */
export async function reportingWorld() {
  const store = memoryStore()
  const world = await testWorld({ store })
  const agent: Reporter = { kind: 'agent', id: world.agent.agent.id, via: 'api' }
  const approved = async (): Promise<ActionRequest> => {
    const { id } = await ask(world, 'db.export')
    await click(world, id, 'U0BOB')
    return (await click(world, id, 'U0SAM')).request
  }
  return {
    store,
    world,
    agent,
    approved,
    executing: async () => moved(store, (await approved()).id, 'redeem'),
    reportBy: async (by: Reporter, request: ActionRequest, sent: Report) =>
      (await report(world.ports, { request: request.id, by, report: sent })).request,
    alarms: () => [...store.jobs.values()].filter(({ task }) => task === 'alarm'),
  }
}
