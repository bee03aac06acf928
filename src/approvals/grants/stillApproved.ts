import type { ActionRequest, CurrentRequest, Lapse } from '../../core/request.ts'
import { standing } from '../../core/standing.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import type { LinkRead } from '../change.ts'
import { judgedAgain, lapsedEntry, personLapse } from '../judgedAgain.ts'
import { orRefuse } from '../people/askDirectory.ts'
import { judgedPeople } from '../people/currentPeople.ts'
import { accountOrNobody, humansAmong } from '../people/humans.ts'
import { inLeg } from '../people/legs.ts'
import type { Ports } from '../ports.ts'

/** Whether what people said of an approved request still lets it through. */
export interface StillApproved {
  /** With the approvals that do not count any more marked; the request itself where all do. */
  readonly request: ActionRequest
  /** Present where too little is left, and why, as small facts for the entry. */
  readonly lost: { readonly why: string } | null
  /** The record of each approval that does not count any more. */
  readonly entries: readonly NewEntry[]
  /** What was read of who is who. */
  readonly links: readonly LinkRead[]
}

/**
 * At the moment of the grant: who approved is judged again as at the release, by the people, the groups and the accounts of now
 * (threats: vote-outlived, left-the-group). Only a definite answer takes an approval away. Where policy allowed it by itself
 * nobody is asked; of a broken glass, whoever broke it still has to be one who could.
 *
 * @throws Refusal `directory_unavailable` when it cannot be known of one
 */
export async function stillApproved(ports: Ports, request: ActionRequest): Promise<StillApproved> {
  if (request.brokenGlass) return glassStillHolds(ports, request)
  if (!request.requirement) return { request, lost: null, entries: [], links: [] }
  // As it was when it was about to be released: then whoever owns the agent by now is behind it, too.
  const { decided, current, lapses, links } = await judgedAgain(ports, asBeforeRelease(request))
  const judged = { ...request, decisions: decided.decisions }
  return {
    request: lapses.length === 0 ? request : judged,
    lost: standing(current)?.met ? null : { why: 'approvals' },
    entries: lapses.map((lapse) => lapsedEntry(ports, judged, lapse)),
    links,
  }
}

function asBeforeRelease(request: ActionRequest): ActionRequest {
  return { ...request, state: 'pending' }
}

async function glassStillHolds(ports: Ports, request: ActionRequest): Promise<StillApproved> {
  const { current, links } = await judgedPeople(ports, asBeforeRelease(request))
  const { lapse, links: more } = await orRefuse('directory_unavailable', () => glassLapse(ports, current))
  const lost = lapse && { why: lapse.cause }
  return { request, lost, entries: [], links: [...links, ...more] }
}

/** What speaks against whoever broke the glass by now: the same as against an approver, with the emergency path for a leg. */
async function glassLapse(
  ports: Ports,
  current: CurrentRequest,
): Promise<{ readonly lapse: Lapse | null; readonly links: readonly LinkRead[] }> {
  const { brokenGlass: glass, behind } = current
  if (!glass) return { lapse: null, links: [] }
  const account = await accountOrNobody(ports.directory, glass.account)
  const humans = await humansAmong(ports, [glass.person, ...behind.map(({ person }) => person)])
  const lapse = personLapse(current, { person: glass.person, humans, counted: [] }, account)
  if (lapse || !account)
    return { lapse: lapse ?? { cause: 'not_staff', fault: 'unknown' }, links: humans.links }
  const path = { name: 'break-glass', from: current.requirement?.breakGlass?.who ?? [], count: 1 }
  const { isIn, links } = await inLeg(ports, path, account.key)
  return { lapse: isIn ? null : { cause: 'left' }, links: [...humans.links, ...links] }
}
