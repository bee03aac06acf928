import { formatDuration } from '../../core/duration.ts'
import type { Brakes } from '../../policy/brakes.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { asksForActivation, placeOfChange } from '../../policy/policyAction.ts'
import { audienceEdits } from './audienceEdits.ts'
import type { Comparison } from './comparison.ts'
import { looserDemand } from './demandEdits.ts'

/** Edits of bundle.yaml outside windows that can weaken: a whole sentence for each. */
export function bundleEdits({ base, head }: Pick<Comparison, 'base' | 'head'>): readonly string[] {
  return [
    ...floorEdits(base.floor, head.floor),
    ...unmatchedEdits(base, head),
    ...defaultsEdits(base, head),
    ...brakeEdits(base.brakes, head.brakes),
    ...stopEdits(base.stop, head.stop),
    ...auditorEdits(base.auditors, head.auditors),
    ...restorerEdits(base.restorers, head.restorers),
    ...registrarEdits(base.registrars, head.registrars),
    ...environmentEdits(base, head),
    ...placeEdits(base, head),
    ...directoryEdits(base, head),
    ...audienceEdits(base, head),
    ...runEdits(base.run, head.run),
    ...hoursEdits(base, head),
    ...(base.timezone === head.timezone
      ? []
      : [
          `The time zone is ${head.timezone} instead of ${base.timezone}: hours, days and windows fall elsewhere.`,
        ]),
  ]
}

function floorEdits(base: Bundle['floor'], head: Bundle['floor']): readonly string[] {
  const limit = (name: string, from: number | null, to: number | null): readonly string[] => {
    if (from === null || (to !== null && to <= from)) return []
    return [
      `The floor's ${name} is ${to === null ? 'gone' : formatDuration(to)}; it was ${formatDuration(from)}.`,
    ]
  }
  const effects = base.neverAllowEffects.filter((effect) => !head.neverAllowEffects.includes(effect))
  const separated = base.separation.filter((who) => !head.separation.includes(who))
  return [
    ...limit('max_expires_in', base.maxExpiresInSeconds, head.maxExpiresInSeconds),
    ...limit('max_grant_ttl', base.maxGrantTtlSeconds, head.maxGrantTtlSeconds),
    ...effects.map(
      (effect) => `The floor lets actions of effect ${effect} run by themselves where a rule allows them.`,
    ),
    ...separated.map(
      (who) =>
        `The floor's separation no longer names ${who}. People behind an action still cannot decide about it, in this version whatever stands here; a later one may go by the list.`,
    ),
  ]
}

function runEdits(base: Bundle['run'], head: Bundle['run']): readonly string[] {
  const [from, to] = [base?.windowSeconds ?? 0, head?.windowSeconds ?? 0]
  if (to >= from) return []
  const now = to === 0 ? 'no longer' : `for ${formatDuration(to)}`
  return [`What a run has read counts ${now}; it was for ${formatDuration(from)}.`]
}

function unmatchedEdits(base: Bundle, head: Bundle): readonly string[] {
  const asked = (what: string, from: string, to: string): readonly string[] =>
    from === 'deny' && to !== 'deny' ? [`${what} is asked about, and was denied.`] : []
  return [
    ...asked('What no rule matches', base.unmatched.knownAction, head.unmatched.knownAction),
    ...asked(
      'An action that the catalogue does not have',
      base.unmatched.unknownAction,
      head.unmatched.unknownAction,
    ),
  ]
}

/** As they are asked where no rule matches; rules that inherit from them are told one by one. */
function defaultsEdits(base: Bundle, head: Bundle): readonly string[] {
  const lost = looserDemand(base.defaults, head.defaults)
  return [
    ...(lost.length === 0
      ? []
      : [`The defaults, asked where no rule matches, may ask for less: ${lost.join('; ')}.`]),
    ...(base.ownerLeft === 'deny' && head.ownerLeft === 'ask'
      ? ['What is allowed is asked about while the owner of the agent has left, and was denied.']
      : []),
  ]
}

/** Where deadlines count working hours, other hours make some of them longer. */
function hoursEdits(base: Bundle, head: Bundle): readonly string[] {
  const counts = [base.defaults, ...base.rules.flatMap(({ demand }) => demand ?? [])].some(
    ({ countsWorkingHours }) => countsWorkingHours,
  )
  if (!counts || JSON.stringify(base.workingHours) === JSON.stringify(head.workingHours)) return []
  return ['The working hours are others: what counts them may wait longer.']
}

/** They keep people from being asked until they give in. */
function brakeEdits(base: Brakes, head: Brakes): readonly string[] {
  const [from, to] = [base.denyCooldownSeconds, head.denyCooldownSeconds]
  const again = to === 0 ? 'at once' : `after ${formatDuration(to)}`
  return [
    ...(to >= from
      ? []
      : [`What a person denied can be asked again ${again}; it was denied for ${formatDuration(from)}.`]),
    ...(head.maxPending <= base.maxPending
      ? []
      : [`${head.maxPending} requests of one agent may wait at once; it was ${base.maxPending}.`]),
    ...(head.mentionsPerDay <= base.mentionsPerDay
      ? []
      : [`A person may be mentioned ${head.mentionsPerDay} times a day; it was ${base.mentionsPerDay}.`]),
  ]
}

/** Fewer people can stop something, or what stopped an agent by itself no longer does. */
function stopEdits(base: Bundle['stop'], head: Bundle['stop']): readonly string[] {
  const gone = base.who.filter((name) => !head.who.includes(name))
  const off = base.on.filter((why) => !head.on.includes(why))
  return [
    ...gone.map((name) => `${name} can no longer stop anything in Slack.`),
    ...off.map((why) => `An agent is no longer stopped by itself on ${why}.`),
  ]
}

/** More people read everything that is recorded, with what was asked in it. */
function auditorEdits(base: Bundle['auditors'], head: Bundle['auditors']): readonly string[] {
  const more = head.filter((name) => !base.includes(name))
  return more.map((name) => `${name} can read everything that is recorded, as an auditor.`)
}

/** More people can let the ledger go on from a backup, and with that say what was lost. Without a name any two members can. */
function restorerEdits(base: Bundle['restorers'], head: Bundle['restorers']): readonly string[] {
  if (base.length === 0) return []
  if (head.length === 0)
    return [
      'Any two full members can let the ledger go on from a restored backup; it was those who are named.',
    ]
  const more = head.filter((name) => !base.includes(name))
  return more.map((name) => `${name} can let the ledger go on from a restored backup, with one other person.`)
}

/** More people can register agents, for each of which budgets and brakes begin anew. Without a name every member can. */
function registrarEdits(base: Bundle['registrars'], head: Bundle['registrars']): readonly string[] {
  if (base.length === 0) return []
  if (head.length === 0)
    return ['Every full member can register agents of their own in Slack; it was those who are named.']
  const more = head.filter((name) => !base.includes(name))
  return more.map((name) => `${name} can register agents of their own in Slack.`)
}

function environmentEdits({ environments: old }: Bundle, { environments: now }: Bundle): readonly string[] {
  if (old === null) return []
  if (now === null) return ['The bundle no longer lists its environments: a request may name any.']
  const more = now.filter((name) => !old.includes(name))
  return more.map((name) => `The environment ${name} is new: requests that name it were refused.`)
}

/** Where changes of the policy are judged, and as what: rules of `policy.activate` may go by either. */
function placeEdits(base: Bundle, head: Bundle): readonly string[] {
  if (!asksForActivation(base) || !asksForActivation(head)) return []
  const [from, to] = [placeOfChange(base), placeOfChange(head)]
  return [
    ...(from.environment === to.environment
      ? []
      : [
          `Changes of this policy happen in ${to.environment} instead of ${from.environment}: other rules may decide about them.`,
        ]),
    ...(from.resource.id === to.resource.id
      ? []
      : [
          `The bundle is ${to.resource.id} instead of ${from.resource.id}: rules and resources that go by that name may not fit changes of this policy any more.`,
        ]),
  ]
}

function directoryEdits({ people: old }: Bundle, { people: now }: Bundle): readonly string[] {
  return [...now].flatMap(([name, { address }]) => {
    const from = old.get(name)?.address
    if (from === undefined || from === address) return []
    return [`${name} leads to ${address} instead of ${from}: other people decide, or break the glass.`]
  })
}
