import { nameInChain } from '../../core/chain.ts'
import type { ActionRequest } from '../../core/request.ts'
import { saidOf } from '../../core/stop.ts'
import { covers } from '../../policy/stopping.ts'
import { revoked } from '../grants/revoked.ts'
import type { HoldJob } from '../job.ts'
import type { Ports } from '../ports.ts'
import { refreshJob } from '../settle.ts'
import type { Stop } from './records.ts'

/** Requests that one run of a job looks at; the next run is a job of its own. */
const pageSize = 100

/** Milliseconds after an approval in which it may still be granted and used, whatever policy says; older ones are history. */
const longestUse = 24 * 3_600_000

/** What follows a stop: everybody who waits is told, and what was approved and not redeemed is revoked. */
export function holdJobs({ id }: Pick<Stop, 'id'>): readonly HoldJob[] {
  return [...tellingJobs({ id }), { task: 'hold', stop: id, part: 'approved' }]
}

/** What follows it when it is resumed: the same people are told. What was revoked stays revoked. */
export function tellingJobs({ id }: Pick<Stop, 'id'>): readonly HoldJob[] {
  return [{ task: 'hold', stop: id, part: 'pending' }]
}

/**
 * The job: a page of what a stop holds, newest first, and in the same commit the job for the next page, so that a kill anywhere
 * forgets nothing. Nothing depends on it: what is held can be neither approved nor granted nor redeemed from the stop's own commit on.
 */
export async function hold(ports: Ports, { stop: id, part, before }: Omit<HoldJob, 'task'>): Promise<void> {
  const stop = await ports.store.stop(id)
  // Resumed before it came to this: nothing more is taken back.
  if (!stop || (part === 'approved' && stop.resumed)) return
  const page = { limit: pageSize, ...(before !== undefined && { before }) }
  const about = stop.scope.kind === 'agent' ? { about: stop.scope.agent } : {}
  const found = await ports.store[part === 'pending' ? 'waiting' : 'revocable']({ ...about, ...page })
  const covered = found.filter((request) => covers(stop.scope, request))
  if (part === 'approved') await Promise.all(covered.map((request) => revokeBy(ports, stop, request)))
  const last = found.length === pageSize ? found.at(-1) : undefined
  await ports.store.commit({
    entries: [],
    jobs: [
      ...(part === 'pending'
        ? covered.flatMap(refreshJob).map((job) => ({ ...job, anew: true }) as const)
        : []),
      ...(last ? [{ task: 'hold', stop: id, part, before: last.id } as const] : []),
    ],
  })
}

/** Takes an approval back, unless it was redeemed meanwhile. */
async function revokeBy(ports: Ports, stop: Stop, first: ActionRequest): Promise<void> {
  let request: ActionRequest | null = first
  while (request && isUsable(ports, request)) {
    const outcome = `Revoked, because ${stoppedIn(request, stop)} was stopped.`
    const committed = await ports.store.commit(
      revoked(ports, request, {
        by: 'stop',
        outcome,
        actor: { kind: 'system', id: stop.id, via: 'stop' },
        data: { stop: stop.id },
      }),
    )
    if (committed === 'applied') return
    request = await ports.store.request(request.id)
  }
}

/** Of an agent, what it is called here: the one that asked, or one that it was asked through. */
function stoppedIn(request: ActionRequest, { scope }: Stop): string {
  return saidOf(
    scope,
    scope.kind === 'agent' ? (nameInChain(request, scope.agent) ?? scope.agent) : undefined,
  )
}

/** What a grant could still be had for, or one is out. Approvals from long ago, of before there were grants, are history. */
function isUsable(ports: Pick<Ports, 'clock'>, { state, grant, settledAt }: ActionRequest): boolean {
  if (state !== 'approved' || settledAt === null) return false
  const now = ports.clock().getTime()
  if (grant) return now < Date.parse(grant.expiresAt)
  return now - Date.parse(settledAt) < longestUse
}
