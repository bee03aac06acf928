import type { Rule } from '../../policy/bundle.ts'
import {
  type CatalogueAction,
  effects,
  type OtherResource,
  type Param,
  type ParamType,
  reversibilities,
} from '../../policy/catalogue.ts'
import { type Comparison, looserThanUnmatched } from './comparison.ts'

/** Edits of actions.yaml that can weaken: a sentence for each action. Which rules reach an action is for `ruleEdits`. */
export function actionEdits({ base, head }: Comparison): readonly string[] {
  const names = [...new Set([...base.catalogue.keys(), ...head.catalogue.keys()])].sort()
  return names.flatMap((name) => {
    const [old, now] = [base.catalogue.get(name), head.catalogue.get(name)]
    const reasons = !now
      ? removed(head)
      : !old
        ? added({ base, head }, name)
        : changed({ base, head }, old, now)
    return reasons.length > 0
      ? [`The action "${name}" may be judged more loosely: ${reasons.join('; ')}.`]
      : []
  })
}

type Two = Pick<Comparison, 'base' | 'head'>

function removed({ unmatched }: Two['head']): readonly string[] {
  if (unmatched.unknownAction === 'deny') return []
  return ['it was taken out of the catalogue, so that no rule applies to it, and the defaults are asked']
}

/** Until now it was an unknown action. */
function added({ base, head }: Two, name: string): readonly string[] {
  const { unknownAction } = base.unmatched
  const unruled = unknownAction === 'deny' && head.unmatched.knownAction !== 'deny'
  const judging = (head.candidates.get(name) ?? []).filter(({ mode }) => mode === 'enforce')
  const looser = (rule: Rule): readonly string[] =>
    rule.verdict === 'allow' ? ['allows it'] : looserThanUnmatched(base, rule, unknownAction)
  const rules = judging.flatMap((rule) => {
    const [first, ...more] = looser(rule)
    return first === undefined ? [] : [`"${rule.id}": ${[first, ...more].join(', ')}`]
  })
  const reasons = [...(unruled ? ['people are asked where no rule applies'] : []), ...rules]
  return reasons.length > 0
    ? [`it is new in the catalogue, and was unknown (${unknownAction})`, ...reasons]
    : []
}

function changed({ base, head }: Two, old: CatalogueAction, now: CatalogueAction): readonly string[] {
  const bounded = (bundle: Two['base'], { effect }: CatalogueAction): boolean =>
    bundle.floor.neverAllowEffects.includes(effect)
  const lowered = effects.indexOf(now.effect) < effects.indexOf(old.effect)
  const isFree = bounded(base, old) && !bounded(head, now)
  return [
    ...(lowered || isFree ? [`its effect is ${now.effect} instead of ${old.effect}`] : []),
    ...widerParams(old.params, now.params),
    ...otherwiseNamed(old.resources, now.resources),
    ...softened(old, now),
    ...otherTool(old, now),
  ]
}

/** What is looked up decides, and who is asked: another value leads to another owner, and another sensitivity. */
function otherwiseNamed(
  old: CatalogueAction['resources'] = new Map(),
  now: CatalogueAction['resources'] = new Map(),
): readonly string[] {
  return [...old].flatMap(([name, was]) => {
    const is = now.get(name)
    if (is === undefined) return [`its resource "${name}" is looked up no longer`]
    const [from, to] = [sayOtherResource(was), sayOtherResource(is)]
    return from === to ? [] : [`its resource "${name}" is ${to} instead of ${from}`]
  })
}

/** `the bucket in params.destination`. */
export function sayOtherResource({ type, from: { param, fact } }: OtherResource): string {
  return `the ${type} in ${fact === null ? `params.${param}` : `read.${param}.${fact}`}`
}

/** Rules may go by the tool that it names. */
function otherTool({ tool: old }: CatalogueAction, { tool: now }: CatalogueAction): readonly string[] {
  if (JSON.stringify(old) === JSON.stringify(now)) return []
  if (now === undefined) return ['it no longer says which tool is called']
  const said = `${now.name} of ${now.server}, with ${now.digest} and ${now.arguments}`
  return [`the tool that is called is read from other parameters: ${said}`]
}

/** What people read of an action decides nothing, and they decide by it. */
function softened(old: CatalogueAction, now: CatalogueAction): readonly string[] {
  const rank = ({ reversible }: CatalogueAction): number =>
    reversible === undefined ? 1 : reversibilities.indexOf(reversible)
  const gone = (what: string, from: unknown, to: unknown): readonly string[] =>
    from !== undefined && to === undefined ? [`people are no longer told ${what}`] : []
  const places = now.destination?.inside.filter((one) => !old.destination?.inside.includes(one)) ?? []
  return [
    ...(rank(now) < rank(old) && now.reversible !== undefined
      ? [`people are told that it can be undone: ${now.reversible} instead of ${old.reversible ?? 'nothing'}`]
      : []),
    ...gone('whether it can be undone', old.reversible, now.reversible),
    ...gone('its consequence', old.consequence, now.consequence),
    ...(now.consequence !== undefined && old.consequence !== now.consequence
      ? [
          `its consequence is told in ${old.consequence === undefined ? 'words of the policy' : 'other words'}`,
        ]
      : []),
    ...gone('whether it goes outside', old.destination, now.destination),
    ...(old.destination && now.destination && old.destination.param !== now.destination.param
      ? [`its destination is the parameter "${now.destination.param}" instead of "${old.destination.param}"`]
      : []),
    ...(places.length > 0
      ? [`${places.join(', ')} ${places.length === 1 ? 'counts' : 'count'} as inside`]
      : []),
  ]
}

function widerParams(old: CatalogueAction['params'], now: CatalogueAction['params']): readonly string[] {
  return [...newlyHidden(old, now), ...lowerNow(old, now), ...widerTypes(old, now)]
}

/** Less of something is not always less harm: what approvers may newly lower, or lower further. */
function lowerNow(old: CatalogueAction['params'], now: CatalogueAction['params']): readonly string[] {
  if (now === 'open') return []
  return [...now].flatMap(([name, { narrow }]) => {
    const before = old === 'open' ? undefined : old.get(name)?.narrow
    if (narrow === undefined || JSON.stringify(before) === JSON.stringify(narrow)) return []
    const isLower = typeof narrow === 'object' && typeof before === 'object' && narrow.min >= before.min
    const says = narrow === 'items' ? 'leave items out of' : `lower, down to ${narrow.min},`
    return isLower ? [] : [`approvers may ${says} the parameter "${name}"`]
  })
}

/** Where people were shown a value, they may have gone by it; and what comes hidden, nobody ever sees. */
function newlyHidden(old: CatalogueAction['params'], now: CatalogueAction['params']): readonly string[] {
  if (now === 'open') return []
  const wasHidden = (name: string) => old !== 'open' && old.get(name)?.sensitive === true
  return [...now].flatMap(([name, { sensitive }]) =>
    sensitive && !wasHidden(name) ? [`the value of the parameter "${name}" is hidden from people`] : [],
  )
}

/** Whether requests fit that did not, or the same value would be read as another type. */
function widerTypes(old: CatalogueAction['params'], now: CatalogueAction['params']): readonly string[] {
  if (now === 'open') return old === 'open' ? [] : ['its parameters are open']
  if (old === 'open') {
    // A whole number of open parameters is an integer, and a `number` never is.
    const numbers = [...now].filter(([, { type }]) => innermost(type) === 'number').map(([name]) => name)
    return numbers.length > 0 ? [`"${numbers.join('", "')}" is read as a number that need not be whole`] : []
  }
  const names = [...new Set([...old.keys(), ...now.keys()])]
  return names.flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)]
    if (!was) return [`it takes the parameter "${name}"`]
    if (!is) return was.optional ? [] : [`it no longer needs the parameter "${name}"`]
    const [from, to] = [sayType(was.type), sayType(is.type)]
    if (from !== to) return [`the parameter "${name}" is ${to} instead of ${from}`]
    if (was.reads !== is.reads)
      return [
        `the parameter "${name}" is read as ${is.reads ?? 'nothing'} instead of ${was.reads ?? 'nothing'}`,
      ]
    if (was.amount?.currency !== is.amount?.currency)
      return [`the parameter "${name}" is ${sayAmount(is)} instead of ${sayAmount(was)}`]
    if (`${was.roots}` !== `${is.roots}`)
      return [`the parameter "${name}" is read by the roots ${is.roots?.join(', ') ?? 'none'}`]
    if (was.service !== is.service)
      return [`the parameter "${name}" is read with the service of "${is.service}"`]
    if (was.arguments !== is.arguments && is.arguments !== undefined)
      return [`the parameter "${name}" is read with the arguments in "${is.arguments}"`]
    if (doneWith(was) !== doneWith(is))
      return [`what is done with "${name}" is ${doneWith(is)} instead of ${doneWith(was)}`]
    return is.optional && !was.optional ? [`the parameter "${name}" may be left out`] : []
  })
}

/** What a reader is told is done with the value. */
function doneWith({ verb, verbFrom, dryRun }: Param): string {
  const said = verb ?? (verbFrom === undefined ? 'nothing' : `what "${verbFrom}" says`)
  return dryRun === undefined ? said : `${said}, kept unless "${dryRun}" is true`
}

function sayAmount({ amount }: Param): string {
  return amount ? `an amount in ${amount.currency}` : 'no amount'
}

function innermost(type: ParamType): ParamType {
  return typeof type === 'object' ? innermost(type.list) : type
}

function sayType(type: ParamType): string {
  return typeof type === 'object' ? `a list of ${sayType(type.list)}` : type
}
