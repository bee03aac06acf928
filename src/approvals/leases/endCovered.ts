import { covers } from '../../policy/stopping.ts'
import type { CoveredLeases, Job } from '../job.ts'
import type { Ports } from '../ports.ts'

/** Leases that one run of the job looks at; the next run is a job of its own. */
const pageSize = 100

/**
 * What a stop, or the end of an agent, brings to credentials. Whether any is ever issued is not asked: another server may have targets
 * that whoever stops knows nothing of.
 */
export function coveredJobs(which: CoveredLeases): readonly Job[] {
  return [{ task: 'endLeases', ...which }]
}

/**
 * The job: ends what is out for the requests that a stop covers, or that a revoked agent made; a page of them, newest first, and in the
 * same commit the job for the next page. What is being issued at this moment is among them: a row is written before its target is asked.
 */
export async function endCovered(ports: Ports, which: CoveredLeases): Promise<void> {
  const { scope, why, before } = which
  const page = await ports.store.leases({
    states: ['issuing', 'out', 'expires'],
    limit: pageSize,
    ...(before !== undefined && { before }),
  })
  const requests = await ports.store.requestsOf([...new Set(page.map(({ request }) => request))])
  const covered = new Set(requests.filter((one) => covers(scope, one)).map(({ id }) => id))
  const last = page.length === pageSize ? page.at(-1) : undefined
  const jobs: readonly Job[] = [
    ...page
      .filter(({ request }) => covered.has(request))
      .map(({ id }) => ({ task: 'endLease' as const, lease: id, why })),
    ...(last ? [{ task: 'endLeases' as const, scope, why, before: last.id }] : []),
  ]
  if (jobs.length > 0) await ports.store.commit({ entries: [], jobs })
}
