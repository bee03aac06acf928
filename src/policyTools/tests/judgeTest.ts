import { formatDuration } from '../../core/duration.ts'
import { didYouMean } from '../../core/nearest.ts'
import type { Source } from '../../core/requirement.ts'
import { inOrder, waysOf } from '../../core/ways.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { directoryNames } from '../../policy/directoryNames.ts'
import { type Evaluation, evaluateWithFacts } from '../../policy/evaluate.ts'
import type { Difference } from './difference.ts'
import type { PolicyTest } from './readTests.ts'
import type { ExpectShape } from './testsSchema.ts'
import { playScript } from './vote.ts'

export interface Judged {
  readonly evaluation: Evaluation
  /** Empty: the test passes. */
  readonly differences: readonly Difference[]
}

/** Asks the policy, compares what the test states, then plays its voting script. */
export function judgeTest(bundle: Bundle, test: PolicyTest): Judged {
  const evaluation = evaluateWithFacts(withOwner(bundle, test), test.action, test.facts)
  const differences = [
    ...compared(bundle, evaluation, test.expect),
    ...playScript(bundle, test, evaluation.requirement),
  ]
  return { evaluation, differences }
}

/** An owner who is not in the directory is somebody all the same. */
function withOwner(bundle: Bundle, { strangeOwners }: PolicyTest): Bundle {
  if (strangeOwners.size === 0) return bundle
  const people = [...strangeOwners].map(([ref, address]): [string, Source] => [
    ref,
    { ref, kind: 'account', address },
  ])
  return { ...bundle, people: new Map([...bundle.people, ...people]) }
}

/** A side of a comparison; undefined: the test does not say. */
type Side = string | number | boolean | null | readonly unknown[] | object | undefined

function compared(bundle: Bundle, evaluation: Evaluation, expected: ExpectShape): readonly Difference[] {
  return [...sides(evaluation, expected), channelSides(bundle, evaluation, expected)].flatMap(
    ([field, wanted, got]) => {
      if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(got)) return []
      const note = notes[field]?.({ bundle, evaluation, expected }) ?? null
      return [{ field, expected: say(wanted), actual: say(got), ...(note !== null && { note }) }]
    },
  )
}

interface Compared {
  readonly bundle: Bundle
  readonly evaluation: Evaluation
  readonly expected: ExpectShape
}

/** What to add to a difference of some fields. */
const notes: Readonly<Record<string, (compared: Compared) => string | null>> = {
  verdict: ({ evaluation }) => reasonOf(evaluation),
  decided_by: ({ bundle, expected }) => unknownRule(bundle, expected.decided_by),
  observed: ({ bundle, expected }) => unknownRule(bundle, expected.observed),
}

function reasonOf({ verdict: { code, rules, message } }: Evaluation): string {
  const by = code === 'rules' ? `of ${rules.join(', ')}` : code
  return `because ${by}${message === null ? '' : `: ${message}`}`
}

function unknownRule({ rules }: Bundle, named: readonly string[] = []): string | null {
  const ids = rules.map(({ id }) => id)
  const unknown = named.find((name) => !ids.includes(name))
  return unknown === undefined ? null : `there is no rule "${unknown}".${didYouMean(unknown, ids)}`
}

/** A field, what the test says, and what came out. */
type Sides = readonly (readonly [field: string, wanted: Side, got: Side])[]

function sides({ verdict, requirement }: Evaluation, expected: ExpectShape): Sides {
  const { grant, reason, break_glass: glass, message } = expected
  const path = requirement?.breakGlass ?? verdict.breakGlass
  return [
    ['verdict', expected.verdict, verdict.kind],
    ['code', expected.code, verdict.code],
    ['decided_by', sorted(expected.decided_by), sorted(verdict.rules)],
    ['observed', sorted(expected.observed), sorted(verdict.observed)],
    ...legSides(expected.approvals, requirement),
    ['separation', sorted(expected.separation), requirement ? ['agent_owner', 'initiator'] : null],
    ['deny_count', expected.deny_count, requirement?.denyCount ?? null],
    ['expires_in', durationOf(expected.expires_in), durationOf(requirement?.expiresInSeconds) ?? null],
    ['grant.ttl', durationOf(grant?.ttl), durationOf(requirement?.grant.ttlSeconds) ?? null],
    ['grant.within', durationOf(grant?.within), durationOf(requirement?.grant.withinSeconds) ?? null],
    ['grant.uses', grant?.uses, requirement?.grant.uses ?? null],
    ['reason', reason === false ? false : undefined, requirement?.reason ?? false],
    ['reason.min_length', reason ? reason.min_length : undefined, requirement?.reason?.minLength ?? null],
    ['reason.patterns', reason ? sorted(reason.patterns) : undefined, requirement?.reason?.patterns ?? null],
    ['confirm', expected.confirm, requirement?.confirm ?? null],
    ['step_up', expected.step_up, requirement ? requirement.stepUp && 'passkey' : null],
    ['via', expected.via && inOrder(expected.via), requirement && waysOf(requirement)],
    ...notifySides(expected, requirement),
    ['break_glass', typeof glass === 'boolean' ? glass : undefined, path !== null],
    [
      'break_glass.who',
      typeof glass === 'object' ? sorted(glass.who) : undefined,
      sorted(path?.who.map(({ ref }) => ref)) ?? null,
    ],
    ['message', message, message === false ? (verdict.message ?? false) : verdict.message],
  ]
}

/** By name, so that a test says the same wherever a name leads. */
function channelSides(bundle: Bundle, { requirement }: Evaluation, { channels }: ExpectShape): Sides[number] {
  const named = (addresses: readonly string[]) => sorted(directoryNames(bundle, addresses)) ?? null
  const wanted = channels?.flatMap((name) => bundle.channels.get(name) ?? name)
  return ['channels', wanted && named(wanted), requirement && named(requirement.notify.channels)]
}

function notifySides(expected: ExpectShape, requirement: Evaluation['requirement']): Sides {
  return [
    [
      'remind',
      expected.remind?.map(durationOf),
      requirement?.notify.remindAfterSeconds.map(durationOf) ?? null,
    ],
    [
      'escalate',
      expected.escalate?.map(({ after, to }) => `${durationOf(after)} ${to}`),
      requirement?.escalate.map(({ afterSeconds, to }) => `${durationOf(afterSeconds)} ${to.ref}`) ?? null,
    ],
  ]
}

/** All legs when they are stated, each by its count; who is in a leg only where that is stated. */
function legSides(expected: ExpectShape['approvals'], requirement: Evaluation['requirement']): Sides {
  if (expected === undefined) return []
  const legs = new Map(requirement?.legs.map((leg) => [leg.name, leg]))
  const count = (name: string): number | null => legs.get(name)?.count ?? null
  const wanted = Object.entries(expected).map(([name, leg]) => [
    name,
    typeof leg === 'number' ? leg : (leg.count ?? count(name)),
  ])
  const counts = Object.fromEntries(wanted.sort())
  const actual = Object.fromEntries([...legs.values()].map((leg) => [leg.name, leg.count]).sort())
  const from = Object.entries(expected).flatMap(([name, leg]): Sides => {
    if (typeof leg === 'number' || leg.from === undefined) return []
    return [
      [
        `approvals.${name}.from`,
        sorted(leg.from),
        sorted(legs.get(name)?.from.map(({ ref }) => ref)) ?? null,
      ],
    ]
  })
  return [['approvals', counts, requirement ? actual : null], ...from]
}

function sorted(list: readonly string[] | undefined): readonly string[] | undefined {
  return list && [...list].sort()
}

function durationOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : formatDuration(seconds)
}

function say(side: Side): string {
  return side === null ? 'nothing, because nobody is asked' : JSON.stringify(side)
}
