import type { Bundle } from '../../policy/bundle.ts'
import { verdictKinds } from '../../policy/bundle.ts'
import { about } from '../lint/about.ts'
import type { Finding } from '../lint/finding.ts'
import type { RuleLogic } from '../logic/ruleLogic.ts'
import { appliesWherever, type Comparison, heldWithDefaults, looserWhereNew } from './comparison.ts'
import { looserDemand, looserPath } from './demandEdits.ts'

/**
 * Rules that were taken away, weakened or excepted, rules that allow more, and new rules that ask for less than what was
 * asked where no rule applied. A rule that only observes counts as none.
 */
export function ruleEdits(comparison: Comparison): readonly Finding[] {
  const { before, after } = comparison
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  return ids.flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)]
    if (old === undefined) return now ? appeared(comparison, now) : []
    if (now === undefined) return gone(comparison, old)
    return old.rule.verdict === 'allow' ? allowed(comparison, { old, now }) : strict(comparison, { old, now })
  })
}

interface Edit {
  readonly old: RuleLogic
  readonly now: RuleLogic
}

function appeared(comparison: Comparison, now: RuleLogic): readonly Finding[] {
  const { rule, actions } = now
  if (actions.length === 0) return [] // only of actions that are new themselves
  if (rule.verdict === 'allow') {
    const message = `The rule "${rule.id}" is new and allows: where no other rule applies, nobody is asked any more.`
    return [about(rule, ['loosen/allow', message], { condition: rule.when })]
  }
  return weakened(
    now,
    looserWhereNew(comparison, now),
    'is new, and may ask for less than was asked without it',
  )
}

function gone(comparison: Comparison, old: RuleLogic): readonly Finding[] {
  const { rule } = old
  const observing = comparison.head.rules.find(({ id }) => id === rule.id)
  if (rule.verdict === 'allow')
    return heldWithDefaults(comparison, old) ? [noLongerHeld(observing ?? rule, rule.id)] : []
  if (observing) return weakened({ ...old, rule: observing }, ['it only observes'])
  const message = `The rule "${rule.id}" (${rule.verdict}) was taken away: what it asked for is no longer asked. Its place is that of the base.`
  return [about(rule, ['loosen/removed', message])]
}

function allowed(comparison: Comparison, { old, now }: Edit): readonly Finding[] {
  const { rule } = now
  const held = !(rule.verdict === 'allow' && appliesWherever(now, old)) && heldWithDefaults(comparison, old)
  const lost = held ? [noLongerHeld(rule, rule.id)] : []
  if (rule.verdict !== 'allow') return [...lost, ...weakened(now, looserWhereNew(comparison, now))]
  if (appliesWherever(old, now)) return lost
  const message = `The rule "${rule.id}" may allow more: ${whatChanged({ old, now }).join('; ')}.`
  return [...lost, about(rule, ['loosen/allow', message], { condition: rule.unless ?? rule.when })]
}

function strict(comparison: Comparison, { old, now }: Edit): readonly Finding[] {
  const [from, to] = [old.rule, now.rule]
  if (to.verdict === 'allow') return weakened(now, [`it says allow instead of ${from.verdict}`])
  const isSofter = verdictKinds.indexOf(to.verdict) < verdictKinds.indexOf(from.verdict)
  const applies = appliesWherever(now, old)
  const isExcepted = to.unless !== null && to.unless.text.trim() !== from.unless?.text.trim()
  const isNewAsDenial = from.verdict !== 'deny' && to.verdict === 'deny' // decides alone, so that its own path is enough
  const lost = [
    ...(isSofter ? [`it says ${to.verdict} instead of ${from.verdict}`] : []),
    ...(applies ? [] : whatChanged({ old, now }).filter((what) => !isExcepted || what !== exceptionChanged)),
    ...(from.demand && to.demand ? looserDemand(from.demand, to.demand) : []),
    ...(from.verdict === to.verdict ? looserPath(from.breakGlass, to.breakGlass) : []),
    ...(isNewAsDenial || !appliesWherever(old, now) ? looserWhereNew(comparison, now) : []),
  ]
  return [...(isExcepted && !applies ? exception({ old, now }) : []), ...weakened(now, [...new Set(lost)])]
}

function exception({ old, now: { rule } }: Edit): readonly Finding[] {
  const what = old.rule.unless === null ? 'An exception was added' : 'The exception was changed'
  const message = `${what} to "${rule.id}" (${rule.verdict}): the rule no longer applies where it is true.`
  return [about(rule, ['loosen/unless', message], { condition: rule.unless })]
}

function weakened(
  { rule }: RuleLogic,
  lost: readonly string[],
  may = 'may ask for less',
): readonly Finding[] {
  if (lost.length === 0) return []
  return [about(rule, ['loosen/weakened', `The rule "${rule.id}" ${may}: ${lost.join('; ')}.`])]
}

/** The floor turns what it may not allow into the defaults, and that is now missing beside what rules ask. */
function noLongerHeld(at: Bundle['rules'][number], id: string): Finding {
  const message = `The rule "${id}" applies no longer, or to less. The floor held it back and asked by the defaults, also beside rules that ask: those now ask alone.`
  return about(at, ['loosen/weakened', message])
}

const exceptionChanged = 'its exception was changed'

/** What of the reach of a rule differs; at least one, when it is not known to be the same. */
function whatChanged({ old, now }: Edit): readonly string[] {
  const [from, to] = [old.rule, now.rule]
  const differs = (name: 'when' | 'unless'): boolean => from[name]?.text.trim() !== to[name]?.text.trim()
  const everywhere = ['everywhere']
  const changed = [
    ...listChanged('actions', old.actions, now.actions),
    ...listChanged('agents', namesOf(from), namesOf(to)),
    ...listChanged(
      'environments',
      from.match.environments ?? everywhere,
      to.match.environments ?? everywhere,
    ),
    ...(differs('when') ? ['its condition was changed'] : []),
    ...(differs('unless') ? [exceptionChanged] : []),
  ]
  return changed.length > 0 ? changed : ['what it applies to was changed']
}

function namesOf({ match }: Bundle['rules'][number]): readonly string[] {
  return match.agents?.map(({ pattern }) => pattern) ?? ['all']
}

function listChanged(what: string, from: readonly string[], to: readonly string[]): readonly string[] {
  const lost = from.filter((one) => !to.includes(one))
  const more = to.filter((one) => !from.includes(one))
  const parts = [
    ...(lost.length > 0 ? [`no longer ${lost.join(', ')}`] : []),
    ...(more.length > 0 ? [`now also ${more.join(', ')}`] : []),
  ]
  return parts.length > 0 ? [`${what}: ${parts.join(', ')}`] : []
}
