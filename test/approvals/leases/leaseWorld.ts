import type { Job } from '../../../src/approvals/job.ts'
import { endDueLease } from '../../../src/approvals/leases/due.ts'
import type { CredentialAsk } from '../../../src/approvals/leases/issue.ts'
import { issueCredential } from '../../../src/approvals/leases/issue.ts'
import type { Lease } from '../../../src/approvals/leases/records.ts'
import { sweepTargets } from '../../../src/approvals/leases/sweep.ts'
import type { Ports } from '../../../src/approvals/ports.ts'
import { submit } from '../../../src/approvals/submit.ts'
import type { Grant } from '../../../src/core/grant.ts'
import type { ActionRequest } from '../../../src/core/request.ts'
import { madeLine } from '../../store/made.ts'
import { madeGrant } from '../../store/madeGrants.ts'
import { type MemoryStore, memoryStore } from '../../support/memoryStore.ts'
import { envelope, submission, testWorld, type World } from '../../support/world.ts'

export interface LeaseWorld extends World {
  readonly memory: MemoryStore
  /** A request whose grant the agent has redeemed. */
  executing(given?: Partial<Grant>, run?: ActionRequest['run']): Promise<ActionRequest>
  ask(request: string, given?: Partial<CredentialAsk>, ports?: Ports): ReturnType<typeof issueCredential>
  /** Everything that stands anywhere about a lease, as JSON. */
  writtenOf(lease: Lease): Promise<string>
  /** Runs every job of leases that is due now, until none is; what cannot be done stays. */
  runDue(): Promise<void>
}

export async function leaseWorld(targets: Ports['targets'], store = memoryStore()): Promise<LeaseWorld> {
  const world = await testWorld({ store, targets })
  return {
    ...world,
    memory: store,
    executing: (given, run) => executing(world, given, run),
    ask: (request, given, ports = world.ports) =>
      issueCredential(ports, {
        request,
        caller: { agent: world.agent.agent, key: world.agent.key },
        target: null,
        again: false,
        via: 'api',
        ...given,
      }),
    runDue: () => runDue(world, store),
    writtenOf: async ({ id, request }) =>
      JSON.stringify([
        await world.store.lease(id),
        await world.store.request(request),
        await world.store.entries(request),
        [...store.jobs.values()],
      ]),
  }
}

/** As if it had been approved, granted and redeemed: each by its own commit. */
export async function executing(
  world: World,
  given: Partial<Grant> = {},
  run: ActionRequest['run'] = null,
): Promise<ActionRequest> {
  const { store } = world.ports
  const { request } = await submit(
    world.ports,
    envelope(world),
    submission('db.export', { run, params: { rows: 10, columns: ['id', 'name'] } }),
  )
  const by = { kind: 'agent', id: world.agent.agent.id } as const
  const grant = madeGrant(request.id, {
    redeemed: { attempt: 'one', by, at: world.clock().toISOString() },
    ...given,
  })
  const before = await store.request(request.id)
  if (!before) throw new Error('no request')
  const settledAt = world.clock().toISOString()
  const approved: ActionRequest = {
    ...before,
    version: before.version + 1,
    state: 'approved',
    outcome: 'Approved.',
    settledAt,
  }
  const next: ActionRequest = { ...approved, version: approved.version + 1, state: 'executing', grant }
  for (const one of [approved, next]) {
    const outcome = await store.commit({
      request: { expected: one.version - 1, next: one },
      judgedBy: world.ports.policy()?.digest ?? null,
      entries: [madeLine({ request: one.id, type: 'request.approved' })],
    })
    if (outcome !== 'applied') throw new Error(outcome)
  }
  return next
}

async function runDue(world: World, store: MemoryStore): Promise<void> {
  const stuck = new Set<Job>()
  for (;;) {
    const now = world.clock().toISOString()
    const due = [...store.jobs.entries()].find(
      ([, job]) =>
        (job.task === 'endLease' || job.task === 'sweepTargets') && (job.at ?? '') <= now && !stuck.has(job),
    )
    if (!due) return
    const [key, job] = due
    await store.commit({ entries: [], dropJobs: [key] })
    try {
      if (job.task === 'endLease') await endDueLease(world.ports, job)
      else await sweepTargets(world.ports)
    } catch {
      stuck.add(job)
      if (!store.jobs.has(key)) await store.commit({ entries: [], jobs: [job] })
    }
  }
}
