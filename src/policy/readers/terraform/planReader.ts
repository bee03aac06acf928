import type { JsonObject } from '../../../core/json.ts'
import { bool, int, listOf, string } from '../../conditions/valueType.ts'
import { readingOr } from '../notUnderstood.ts'
import type { Reader, Reading } from '../reader.ts'
import { longestAddress } from './address.ts'
import { type Doing, doings, type Plan, planIn } from './plan.ts'
import { planJson, planLimits } from './planJson.ts'

/** The JSON of a plan of Terraform or OpenTofu, without values (docs/policy.md#terraform-plans). */
export function readPlan(text: string): Reading {
  return readingOr(() => ({ understood: true, facts: factsOf(planIn(planJson(text))) }))
}

function factsOf({ formatVersion, complete, applyable, errored, changes, provisioners }: Plan): JsonObject {
  const by = (doing: Doing) => changes.filter((one) => one.doing === doing).map(({ address }) => address)
  const [destroyed, replaced, created, updated, forgotten, read, unchanged] = doings.map(by)
  const touched = changes.filter(({ doing }) => doing !== 'no_op' && doing !== 'read')
  const lost = changes.filter(({ doing }) => doing === 'destroy' || doing === 'replace')
  const once = (texts: readonly string[]): string[] => [...new Set(texts)]
  return {
    format_version: formatVersion,
    ...(complete !== null && { complete }),
    ...(applyable !== null && { applyable }),
    ...(errored !== null && { errored }),
    creates: created?.length ?? 0,
    updates: updated?.length ?? 0,
    replaces: replaced?.length ?? 0,
    destroys: destroyed?.length ?? 0,
    forgets: forgotten?.length ?? 0,
    reads: read?.length ?? 0,
    no_ops: unchanged?.length ?? 0,
    moves: changes.filter(({ isMoved }) => isMoved).length,
    imports: changes.filter(({ isImported }) => isImported).length,
    created: created ?? [],
    updated: updated ?? [],
    replaced: replaced ?? [],
    destroyed: destroyed ?? [],
    forgotten: forgotten ?? [],
    types: once(touched.map(({ type }) => type)),
    destroyed_types: once(lost.map(({ type }) => type)),
    modules: once(touched.flatMap(({ module }) => (module === '' ? [] : [module]))),
    ...(provisioners !== null && { provisioners: [...provisioners] }),
  }
}

export const planReader: Reader = {
  accepts: 'string',
  what: 'the JSON of a plan of Terraform or OpenTofu',
  longest: planLimits.text,
  onlyTightens: true,
  facts: {
    format_version: string,
    'complete?': bool,
    'applyable?': bool,
    'errored?': bool,
    creates: int,
    updates: int,
    replaces: int,
    destroys: int,
    forgets: int,
    reads: int,
    no_ops: int,
    moves: int,
    imports: int,
    created: listOf(string),
    updated: listOf(string),
    replaced: listOf(string),
    destroyed: listOf(string),
    forgotten: listOf(string),
    types: listOf(string),
    destroyed_types: listOf(string),
    modules: listOf(string),
    'provisioners?': listOf(string),
  },
  most: { text: longestAddress, items: planLimits.changes },
  read: (value) =>
    typeof value === 'string' ? readPlan(value) : { understood: false, why: 'It is not text.' },
  shows: (facts) => ({
    counts: picked(facts, ['creates', 'updates', 'replaces', 'destroys', 'forgets', 'imports', 'moves']),
    ...picked(facts, ['complete', 'applyable', 'errored', 'provisioners']),
    ...first(facts, ['destroyed', 'replaced', 'forgotten']),
  }),
}

/** Addresses of one kind that are kept for people. */
const mostShown = 10

function picked(facts: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])))
}

function first(facts: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const list = facts[name]
      return Array.isArray(list) && list.length > 0 ? [[name, list.slice(0, mostShown)]] : []
    }),
  )
}
