import { policyActivation } from '../core/action.ts'
import type { PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Entry } from '../ledger/entry.ts'
import type { Change } from './change.ts'
import { requestEntry } from './newEntry.ts'
import { accountToTell } from './people/accountToTell.ts'
import { withCurrentPeople } from './people/currentPeople.ts'
import { staffing, type TakenByClaims, type TakenLeg } from './people/satisfiable.ts'
import type { Ports } from './ports.ts'

/** What is written besides a request. */
type Besides = Required<Pick<Change, 'entries' | 'jobs'>>

const nothing: Besides = { entries: [], jobs: [] }

/**
 * What a submission writes besides, when its claims take too many of the people who could have decided: an entry, and the
 * alarm for the agent's owner, who knows whether they are true. While that cannot be known it is looked at later. Whoever
 * proposes a policy is no agent's claim.
 */
export async function claimsAlarm(
  ports: Ports,
  request: ActionRequest,
  about: { readonly claims: TakenByClaims; readonly owner: PersonId; readonly via: string },
): Promise<Besides> {
  const { claims, owner, via } = about
  const { taken, unsure } = claims
  if (request.action.action === policyActivation) return nothing
  if (unsure && request.state === 'pending')
    return { entries: [], jobs: [{ task: 'claims', request: request.id }] }
  if (taken.length === 0) return nothing
  const to = await accountToTell(ports, owner)
  const entry = requestEntry(ports, request, {
    type: 'claims.alarmed',
    actor: { kind: 'system', id: 'claims', via },
    data: { legs: taken.map((one) => ({ ...one })), to: to === null ? [] : [to] },
  })
  return {
    entries: [entry],
    jobs: to === null ? [] : [{ task: 'alarm', request: request.id, why: 'claims' }],
  }
}

/**
 * What could not be known when it was asked is looked at again, as long as people are asked. Safe to run again: it is said
 * once.
 *
 * @throws Refusal `unknown_request`, `directory_unavailable` while it still cannot be known
 */
export async function lookAtClaims(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'claims of a request that does not exist')
  if (request.state !== 'pending' || !request.requirement) return
  const { behind } = await withCurrentPeople(ports, request)
  const agent = (await ports.store.agent(request.agent.id)) ?? request.agent
  const claims = await staffing(ports, request.requirement, behind)
  if (claims.unsure) throw new Refusal('directory_unavailable', 'a set of people could not be read')
  const besides = await claimsAlarm(ports, request, { claims, owner: agent.owner, via: 'job' })
  if (besides.entries.length > 0) await ports.store.commit({ ...besides, delivery: `claims:${id}` })
}

/** That alarm, as its entry has it. */
interface ClaimsRaised {
  readonly legs: readonly TakenLeg[]
  /** The account of the agent's owner, if they have one. */
  readonly to: readonly string[]
}

/** The alarm in the story of a request, or null when none was raised. */
export function claimsRaised(entries: readonly Entry[]): ClaimsRaised | null {
  const entry = entries.find(({ type }) => type === 'claims.alarmed')
  return entry ? (entry.data as unknown as ClaimsRaised) : null // as `claimsAlarm` wrote it
}
