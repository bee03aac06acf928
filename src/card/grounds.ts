import { escalatesAt, escalationsLeft } from '../core/escalations.ts'
import { samePerson } from '../core/identity.ts'
import { effectiveLegs } from '../core/request.ts'
import { whoAsks } from './asking.ts'
import { sayCompared } from './compared.ts'
import { saysLabel } from './content.ts'
import { inPlaceOfText } from './delegation.ts'
import { earlierSays, everyDifference } from './earlierLines.ts'
import { endedApproval } from './ended.ts'
import { endingOf } from './ending.ts'
import { narrowingOf } from './narrowing.ts'
import { notesAround } from './notes.ts'
import { otherResources } from './otherResources.ts'
import type { Passage } from './passage.ts'
import { readBefore } from './readBefore.ts'
import { unreadLines } from './readings.ts'
import { recordedOf } from './recorded.ts'
import { revisionOf } from './revision.ts'
import { roles } from './roles.ts'
import {
  between,
  calling,
  listed,
  nothing,
  onDay,
  ours,
  outside,
  outsideLines,
  person,
  say,
  strong,
  warning,
} from './span.ts'
import { cut, prose, reveal } from './text.ts'
import { isLiftable } from './titles.ts'
import type { RequestView } from './view.ts'
import { legNowText, type WhoNow, whoNowPassages } from './whoNow.ts'

/** The rules that fired, what could not be evaluated, and what only watches. */
export function whyPassages({ request }: RequestView): readonly Passage[] {
  const { verdict } = request
  const { because, over } = recordedOf(request)
  const rules = verdict.why
    .slice(0, 20)
    .flatMap((one): Passage[] => [
      { line: say`${strong`${outside(one.rule, 110)}`}\n${outside(one.says, 1_000)}` },
      ...sayCompared(because.get(one.rule) ?? []).map((note) => ({ note })),
    ])
  const so = verdict.kind === 'deny' ? 'so it is denied' : 'so people are asked'
  const errors = verdict.errors.slice(0, 5)
  const undecided: Passage = { line: say`No rule covers this action, ${ours(so)}.` }
  const all = [
    ...(rules.length > 0 || verdict.code === 'owner_left' ? rules : [undecided]),
    ...(verdict.message ? [{ line: [outsideLines(verdict.message, 3_000)] }] : []),
    ...unreadLines(recordedOf(request)).map((note) => ({ note })),
    ...over.slice(0, 5).map((says) => ({ line: [outside(says, 500)] })),
    ...errors.map((error) => ({ note: say`${warning} ${outside(error, 1_000)}` })),
    ...watching(verdict.observed),
    ...(verdict.policy ? [{ note: say`policy ${outside(verdict.policy.slice(0, 19), 19)}` }] : []),
  ]
  return shortened(all, 90)
}

/** Rules in `mode: observe`. */
function watching(observed: readonly string[]): readonly Passage[] {
  if (observed.length === 0) return []
  const shown = observed.slice(0, 10).map((rule) => [outside(rule, 110)])
  const more = observed.length > shown.length ? say` and ${observed.length - shown.length} more` : nothing
  return [{ note: say`Only observing, without effect: ${between(shown, ', ')}${more}` }]
}

/**
 * Whose agreement is needed, who gave it, who comes next, who may break the glass, and who may not decide; with who still can,
 * where that was looked up.
 */
export function whoPassages(view: RequestView, now: WhoNow | null = null): readonly Passage[] {
  const { request } = view
  const people = [...new Set(request.behind.map((one) => one.person))]
  const behind = people.map((id) => {
    const theirs = new Set(request.behind.filter((one) => samePerson(one.person, id)).map(({ role }) => role))
    const how = between(
      [...theirs].map((role) => [ours(roles[role])]),
      '; ',
    )
    return say`${person(id)} (${how})`
  })
  return [
    ...(isLiftable(request)
      ? [{ line: say`Policy denied this, so nobody is asked to agree.` }]
      : legs(view, now)),
    ...comesNext(view),
    ...lifters(view),
    { line: say`${strong`Cannot decide`}, being behind the action: ${listed(behind)}.` },
    ...(now ? whoNowPassages(now) : []),
  ]
}

function legs({ request, filled }: RequestView, now: WhoNow | null): readonly Passage[] {
  return effectiveLegs(request)
    .slice(0, 30)
    .map((leg) => {
      const people = (filled.get(leg.name) ?? []).map((id) => [person(id)])
      const so = people.length > 0 ? say` Agreed: ${listed(people)}.` : say` Nobody has agreed yet.`
      const asked = say`${leg.count} of ${calling(leg.from)}`
      const known = now?.legs.find((one) => one.leg === leg.name)
      const still = known ? say` ${legNowText(known)}` : nothing
      return { line: say`${strong`${outside(leg.name, 60)}`}: ${asked}.${so}${still}` }
    })
}

function comesNext({ request }: RequestView): readonly Passage[] {
  const [next] = escalationsLeft(request)
  const at = next ? escalatesAt(request, next.nth) : null
  if (request.state !== 'pending' || !next || at === null) return []
  const to = calling([next.to])
  return [{ line: say`${strong`Escalates`} to ${to}, ${onDay(at)}, unless somebody does it earlier.` }]
}

function lifters({ request }: RequestView): readonly Passage[] {
  const path = request.requirement?.breakGlass
  if (request.state !== 'pending' || !path) return []
  const who = calling(path.who)
  return [{ line: say`${strong`May break the glass`} in an emergency, alone: one of ${who}.` }]
}

/** What the agent and the people said, for the last page of the full view. */
export function aroundPassages(view: RequestView): readonly Passage[] {
  const { request } = view
  const reason = request.reason?.trim()
  const decisions = request.decisions.slice(-newestDecisions).flatMap((one): Passage[] => {
    const did = one.kind === 'approve' ? 'Approved' : 'Denied'
    const late = one.late ? say` after it had expired` : nothing
    const place = inPlaceOfText(one.inPlaceOf)
    const note = say`${ours(did)} by ${person(one.person)}${place}${late}, ${onDay(one.at)}`
    const ended = endedApproval(request, one)
    return [
      { note },
      ...(one.reason ? [{ quote: prose(one.reason, 1_000) }] : []),
      ...(ended ? [{ note: say`${ended}.` }] : []),
    ]
  })
  const earlier = earlierSays(view)
  const differences = everyDifference(view).map((note): Passage => ({ note }))
  return [
    ...(earlier.length > 0 ? [{ note: earlier }] : []),
    ...shortened(differences, 10),
    ...[...otherResources(view), ...readBefore(view), ...whoAsks(view, person, 'whole')].map(
      ({ label, value }) => ({
        line: say`${ours(label)}: ${value}`,
      }),
    ),
    ...(reason ? [{ note: saysLabel(request, reason) }, { quote: cut(reveal(reason), 8_000) }] : []),
    ...shortened(whyPassages(view), 35),
    ...(request.requirement ? shortened(whoPassages(view), 25) : []),
    ...decisions,
    ...revisionOf(view),
    ...narrowingOf(view),
    ...notesAround(view),
    ...endingOf(view),
  ]
}

const newestDecisions = 5

/** So that all of it fits where a channel shows so many pieces and no more, such as the hundred blocks of a window in Slack. */
function shortened(passages: readonly Passage[], most: number): readonly Passage[] {
  const left = passages.length - most
  if (left <= 0) return passages
  return [...passages.slice(0, most - 1), { note: say`and ${left + 1} more lines, which the record has` }]
}
