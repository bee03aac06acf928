import { fitsOneCard } from '../../card/together.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Requirement } from '../../core/requirement.ts'
import { overLimits } from '../../policy/join.ts'
import { joinRequirements } from '../../policy/joinRequirements.ts'
import type { PeopleBehind } from '../people/peopleBehind.ts'
import { type Judged, shortened } from '../policy/judge.ts'
import type { Submission } from '../submission.ts'

/** A member as it was judged. */
export interface JudgedMember {
  readonly submission: Submission
  readonly people: PeopleBehind
  readonly judged: Judged
}

/**
 * Members of a set, where those that ask people can be asked about on one card. Each keeps whom it asks; in common they have where the
 * card stands, when people are reminded, and the earliest deadline of all. A denial stands, also one that a broken glass could lift: a
 * glass is broken for one action.
 *
 * @throws Refusal `invalid_request` with the place of the member from which on it is too much for people to be asked, or to be shown
 */
export function askedTogether(members: readonly JudgedMember[]): readonly JudgedMember[] {
  const settled = members.map(withoutGlass)
  const joined = joinedOf(settled)
  if (!joined) return settled
  return settled.map((member) => {
    const { requirement } = member.judged
    if (!requirement) return member
    const common = { ...requirement, notify: joined.notify }
    return {
      ...member,
      judged: { ...member.judged, requirement: shortened(common, joined.expiresInSeconds) },
    }
  })
}

function withoutGlass(member: JudgedMember): JudgedMember {
  const { judged } = member
  return judged.verdict.kind === 'deny' ? { ...member, judged: { ...judged, requirement: null } } : member
}

/** What all of them ask for together; null where nobody is asked. */
function joinedOf(members: readonly JudgedMember[]): Requirement | null {
  let joined: Requirement | null = null
  for (const [nth, { judged }] of members.entries()) {
    if (!judged.requirement) continue
    joined = joined ? joinRequirements(joined, judged.requirement) : judged.requirement
    const over = overLimits(joined)
    if (over !== null) throw refused(nth, `With this one, the set asks for ${over}. Ask for it by itself.`)
  }
  return joined
}

/**
 * Never cut: whoever decides has all of it before them at once.
 *
 * @throws Refusal `invalid_request` with the place of the first member that does not fit any more
 */
export function refuseUnshowable(requests: readonly ActionRequest[]): void {
  const asked = requests.flatMap((request, nth) => (request.state === 'pending' ? [{ request, nth }] : []))
  // What is asked alone has a card like any other.
  if (asked.length < 2) return
  for (const [at, { nth }] of asked.entries()) {
    if (fitsOneCard(asked.slice(0, at + 1).map(({ request }) => request))) continue
    const detail =
      'With this one, the set does not fit one card. Send references instead of long values, or ask for it by itself.'
    throw refused(nth, detail)
  }
}

function refused(nth: number, detail: string): Refusal {
  return new Refusal('invalid_request', 'a set that people cannot be asked about', [
    { pointer: `/requests/${nth}`, detail },
  ])
}
