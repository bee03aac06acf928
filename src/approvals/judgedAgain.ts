import type { Account, CurrentPerson } from '../core/identity.ts'
import { quorum } from '../core/quorum.ts'
import {
  type ActionRequest,
  type CurrentRequest,
  type Decision,
  effectiveLegs,
  type Lapse,
} from '../core/request.ts'
import { roleBehind } from '../core/separation.ts'
import { whyNotStaff } from '../core/staff.ts'
import type { NewEntry } from '../ledger/entry.ts'
import type { LinkRead } from './change.ts'
import { requestEntry } from './newEntry.ts'
import { orRefuse } from './people/askDirectory.ts'
import { judgedPeople, withCurrentPeople } from './people/currentPeople.ts'
import { accountOrNobody, type Humans, humansAmong } from './people/humans.ts'
import { inLeg } from './people/legs.ts'
import type { Ports } from './ports.ts'

/** An approval, or its part for some legs, that does not count any more. */
interface Lapsed {
  readonly decision: Decision
  readonly lapse: Lapse
  readonly legs: readonly string[]
}

interface JudgedAgain {
  /** The request as it was given, with what does not count any more marked. */
  readonly decided: ActionRequest
  readonly current: CurrentRequest
  readonly lapses: readonly Lapsed[]
  /** What was read of who is who. */
  readonly links: readonly LinkRead[]
}

/**
 * At the moment of release: every approval on record is judged again, by the people, the groups and the accounts of now
 * (threats: vote-outlived, left-the-group). Only a definite answer takes a vote away. As long as the approvals would not
 * release the action nobody is asked, and all stay as they are.
 *
 * @throws Refusal `directory_unavailable` when it cannot be known of one
 */
export async function judgedAgain(ports: Ports, request: ActionRequest): Promise<JudgedAgain> {
  const { current, links } = await judgedPeople(ports, request)
  if (!wouldRelease(current)) return { decided: request, current, lapses: [], links }
  return orRefuse('directory_unavailable', async () => {
    const { decisions, lapses, links: more } = await judgedDecisions(ports, request, current)
    const decided = lapses.length === 0 ? request : { ...request, decisions }
    return {
      decided,
      current: lapses.length === 0 ? current : await withCurrentPeople(ports, decided),
      lapses,
      links: [...links, ...more],
    }
  })
}

/** By the record alone, as if nothing had happened since. */
function wouldRelease(request: CurrentRequest): boolean {
  const approvals = request.decisions.filter(isOnRecord)
  const [last] = request.decisions.slice(-1)
  return last?.kind === 'approve' && quorum(effectiveLegs(request), approvals).met
}

function isOnRecord({ kind, ended }: Decision): boolean {
  return kind === 'approve' && !ended
}

async function judgedDecisions(ports: Ports, request: ActionRequest, current: CurrentRequest) {
  const people = [...current.behind, ...current.decisions.filter(isOnRecord)].map(({ person }) => person)
  const humans = await humansAmong(ports, people)
  const counted: CurrentPerson[] = []
  const lapses: Lapsed[] = []
  const links = [...humans.links]
  const decisions: Decision[] = []
  for (const [nth, decision] of request.decisions.entries()) {
    const person = current.decisions[nth]?.person
    if (person === undefined || !isOnRecord(decision)) {
      decisions.push(decision)
      continue
    }
    const found = await judgedDecision(ports, current, { decision, person, humans, counted })
    decisions.push(found.decision)
    links.push(...found.links)
    if (found.lapsed) lapses.push(found.lapsed)
    if (!found.decision.ended) counted.push(person)
  }
  return { decisions, lapses, links }
}

interface Approval {
  readonly decision: Decision
  readonly person: CurrentPerson
  readonly humans: Humans
  /** Whose approvals count so far: of two by one human the first does. */
  readonly counted: readonly CurrentPerson[]
}

async function judgedDecision(
  ports: Ports,
  request: CurrentRequest,
  approval: Approval,
): Promise<{
  readonly decision: Decision
  readonly lapsed: Lapsed | null
  readonly links: readonly LinkRead[]
}> {
  const { decision } = approval
  const account = await accountOrNobody(ports.directory, decision.account)
  const at = ports.clock().toISOString()
  const ended = (lapse: Lapse) => ({
    decision: { ...decision, ended: { how: 'lapsed' as const, why: lapse, at } },
    lapsed: { decision, lapse, legs: decision.legs },
    links: [],
  })
  const lapse = personLapse(request, approval, account)
  if (lapse || !account) return ended(lapse ?? { cause: 'not_staff', fault: 'unknown' })

  const { still: legs, links } = await legsStill(ports, request, { decision, account })
  if (legs.length === decision.legs.length) return { decision, lapsed: null, links }
  if (legs.length === 0) return { ...ended({ cause: 'left' }), links }
  const lost = decision.legs.filter((leg) => !legs.includes(leg))
  const lapsed = { decision, lapse: { cause: 'left' } as const, legs: lost }
  return { decision: { ...decision, legs }, lapsed, links }
}

/** What speaks against the person, whatever they are in. */
export function personLapse(
  request: CurrentRequest,
  { person, humans, counted }: Omit<Approval, 'decision'>,
  account: Account | null,
): Lapse | null {
  const fault = account ? whyNotStaff(account) : ('unknown' as const)
  if (fault) return { cause: 'not_staff', fault }
  const twin = request.behind.find((one) => humans.areOne(person, one.person))
  const role = roleBehind(person, request.behind) ?? twin?.role
  if (role) return { cause: 'behind', role }
  return counted.some((other) => humans.areOne(person, other)) ? { cause: 'same_person' } : null
}

/** Those of the legs they were in that they are in now; a leg only ever gains people by an escalation. */
async function legsStill(
  ports: Ports,
  request: CurrentRequest,
  { decision, account }: { readonly decision: Decision; readonly account: Account },
): Promise<{ readonly still: readonly string[]; readonly links: readonly LinkRead[] }> {
  const legs = effectiveLegs(request).filter(({ name }) => decision.legs.includes(name))
  const still: string[] = []
  const links: LinkRead[] = []
  for (const leg of legs) {
    const found = await inLeg(ports, leg, account.key)
    links.push(...found.links)
    if (found.isIn) still.push(leg.name)
  }
  return { still, links }
}

/** The record of it: nobody did this, the release found it. */
export function lapsedEntry(
  ports: Ports,
  request: ActionRequest,
  { decision, lapse, legs }: Lapsed,
): NewEntry {
  return requestEntry(ports, request, {
    type: 'decision.lapsed',
    actor: { kind: 'system', id: 'release', via: 'directory' },
    data: {
      person: decision.person,
      account: decision.account,
      decided_at: decision.at,
      legs: [...legs],
      why: { ...lapse },
    },
  })
}
