import type { Action } from '../../core/action.ts'
import { policyActivation } from '../../core/action.ts'
import { widened } from '../../core/request.ts'
import type { Ask } from '../../policy/ask.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { everyNode } from '../../policy/conditions/node.ts'
import { type Evaluation, evaluate } from '../../policy/evaluate.ts'
import { asksForActivation } from '../../policy/policyAction.ts'
import { type BundleProblem, fileProblem } from '../../policy/problem.ts'
import { askingOf } from '../explain/demands.ts'
import { probeContextOf } from '../probes/probe.ts'
import { simulate } from '../simulation/simulate.ts'
import { activationAction, activationProblems } from './activation.ts'

/**
 * Why a bundle that judges its own replacement would let nobody replace it, whoever asks, whenever, and whatever changes:
 * every change that is tried is denied with no emergency path, or asks for what nobody can give. Empty when one of them can
 * be approved, and for every bundle that does not judge its replacement.
 */
export function lockedProblems(bundle: Bundle): readonly BundleProblem[] {
  if (!asksForActivation(bundle) || activationProblems(bundle).length > 0) return []
  let first: Block | null = null
  for (const ask of attempts(bundle)) {
    const block = blockOf(bundle, evaluate(bundle, ask))
    if (block === null) return []
    first ??= block
  }
  return first === null ? [] : [problemOf(bundle, first)]
}

interface Block {
  /** What is wrong, as the rest of “this policy could never be replaced: …”. */
  readonly says: string
  /** Ids of rules, `defaults`, `floor`. */
  readonly by: readonly string[]
}

/** What stands in the way of everybody; null when somebody could agree, or lift it. */
function blockOf(bundle: Bundle, evaluation: Evaluation): Block | null {
  const { verdict, requirement } = evaluation
  if (verdict.kind === 'deny')
    return verdict.breakGlass ? null : { says: `it is denied (${verdict.code})`, by: verdict.rules }
  if (requirement === null) return null
  const asking = askingOf(bundle, evaluation)
  for (const [index, leg] of widened(requirement.legs, requirement.escalate).entries()) {
    const people = leg.from.every(({ kind }) => kind === 'account') ? leg.from.length : leg.count
    if (people >= leg.count) continue
    const says = `leg "${leg.name}" asks for ${leg.count} where only ${people} can be found`
    return { says, by: asking?.legs[index]?.by ?? [] }
  }
  if (!requirement.confirm.some((text) => untypable.test(text))) return null
  return { says: 'a text has to be typed that holds characters nobody can type', by: asking?.confirm ?? [] }
}

/** Controls, line breaks, and characters that are not seen. */
const untypable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

function problemOf(bundle: Bundle, { says, by }: Block): BundleProblem {
  const names = by.join(' and ') || '`unmatched` of bundle.yaml'
  const message = `Whoever changes this policy, and whatever changes, ${says}, because of ${names}: it could never be replaced. Let somebody agree to \`${policyActivation}\`, or lift the denial with \`override: break_glass\`.`
  const rule = bundle.rules.find(({ id }) => by.includes(id))
  if (rule === undefined) return fileProblem('bundle.yaml', 'activation/locked', message)
  return { ...rule.at, rule: rule.id, code: 'activation/locked', message }
}

/**
 * Changes that somebody might propose, likeliest first: by somebody in no group and somebody in all of them, at every hour
 * of a week and in every window; then by whoever, on whatever day, and for whatever reason the rules name.
 */
function* attempts(bundle: Bundle): Generator<Ask> {
  const actions = changesOf(bundle)
  const moments = probeContextOf(bundle).moments.map(({ now }) => now)
  const groups = [...bundle.people.keys()].filter((name) => name.startsWith('group:'))
  const anybody = [[], groups].map((all) => ({ ...somebody, groups: all }))
  const texts = textsIn(bundle)
  const named = texts.flatMap((text) => [
    { id: text, email: text, groups },
    { ...somebody, email: `somebody${text}`, groups },
  ])
  const single = groups.map((group) => ({ ...somebody, groups: [group] }))
  const reasons = [usual, [usual, ...texts].join(' ')]
  yield* each({ people: anybody, moments, reasons: [usual], actions })
  const days = [...moments.slice(0, 1), ...texts.flatMap(daysAround)]
  yield* each({ people: [...anybody, ...single, ...named], moments: days, reasons, actions })
}

type Person = { readonly id: string; readonly email: string; readonly groups: readonly string[] }

const somebody = { id: 'per_somebody', email: 'somebody@example.test' }
const usual = 'The policy has to change: CHG-1234, INC-1234.'

/** As the policy tool asks: its owner is whoever proposes the change. */
function* each(of: {
  readonly people: readonly Person[]
  readonly moments: readonly string[]
  readonly reasons: readonly string[]
  readonly actions: readonly Action[]
}): Generator<Ask> {
  for (const at of of.moments)
    for (const person of of.people)
      for (const reason of of.reasons)
        for (const action of of.actions)
          yield {
            action,
            agent: { id: 'policy-tool', name: 'policy-tool', owner: person },
            initiator: { ...person, kind: 'human' },
            request: { reason, source: 'cli' },
            at,
          }
}

/** Texts that the rules about changes of the policy compare with; more than these nobody reads through. */
function textsIn(bundle: Bundle): readonly string[] {
  const rules = bundle.candidates.get(policyActivation) ?? []
  const nodes = rules
    .flatMap(({ when, unless, breakGlass }) => [when, unless, breakGlass?.when ?? null])
    .flatMap((condition) => (condition ? everyNode(condition.compiled.tree) : []))
  const texts = nodes.flatMap((node) =>
    node.kind === 'literal' && typeof node.value === 'string' ? [node.value] : [],
  )
  return [...new Set(texts)].slice(0, 50)
}

/** Noon of the day before, the day itself and the day after, where the text begins with a day. */
function daysAround(text: string): readonly string[] {
  const noon = Date.parse(`${text.slice(0, 10)}T12:00:00Z`)
  if (Number.isNaN(noon)) return []
  return [-1, 0, 1].map((days) => new Date(noon + days * 86_400_000).toISOString())
}

/** Changes that touch nothing that is seen, only tighten, only loosen, or do both. */
function changesOf(bundle: Bundle): readonly Action[] {
  return [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ].map(([loosened = 0, tightened = 0]) => {
    const some = (wanted: number): readonly string[] => (wanted > 0 ? ['something'] : [])
    const none = { added: [], removed: [], changed: [] }
    return activationAction(bundle, bundle, {
      difference: {
        rulesAdded: some(tightened),
        rulesRemoved: some(loosened),
        rulesChanged: some(loosened),
        otherChanges: some(loosened),
      },
      tests: { ...none, added: some(tightened), removed: some(loosened), changed: some(loosened) },
      files: { base: bundle.digest, head: bundle.digest },
      simulation: { ...simulate(bundle, bundle, []), loosened, tightened },
      recorded: 1,
    })
  })
}
