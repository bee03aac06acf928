import type { Account } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import { isDecidedElsewhere } from '../core/set.ts'
import type { Change } from './change.ts'
import { claimsAlarm } from './claimsAlarm.ts'
import type { TakenByClaims } from './people/satisfiable.ts'
import type { SignIn } from './people/signIn.ts'
import type { Ports } from './ports.ts'
import type { SubmissionEnvelope } from './submission.ts'
import { submissionEntries, submissionJobs } from './submissionRecord.ts'

/** A new request, and what was found out about its people. */
export interface Recordable {
  readonly request: ActionRequest
  readonly claims: TakenByClaims
  /** Of those behind it, as the directory gave them. */
  readonly accounts: readonly Account[]
  /** What an identity provider said of the initiator. */
  readonly signIn: SignIn | null
}

/** The entries and jobs of what a submission makes. What is decided by the votes on another has no jobs of its own. */
export async function recordOf(
  ports: Ports,
  { agent, via }: SubmissionEnvelope,
  made: readonly Recordable[],
): Promise<Pick<Change, 'entries'> & Required<Pick<Change, 'jobs'>>> {
  const requests = made.map(({ request }) => request)
  const parts = made.map(async ({ request, claims, accounts, signIn }) => {
    const entries = submissionEntries(ports, { request, accounts, signIn, via })
    if (isDecidedElsewhere(request)) return { entries, jobs: [] }
    const alarm = await claimsAlarm(ports, request, { claims, owner: agent.owner, via })
    return {
      entries: [...entries, ...alarm.entries],
      jobs: [...submissionJobs(ports, request, requests), ...alarm.jobs],
    }
  })
  const all = await Promise.all(parts)
  return { entries: all.flatMap(({ entries }) => entries), jobs: all.flatMap(({ jobs }) => jobs) }
}
