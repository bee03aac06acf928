import { canonical } from '../../core/canonical.ts'
import type { Json } from '../../core/json.ts'
import type { Bundle, Condition, Demand, Rule } from '../bundle.ts'

/** What differs between two bundles by content: ids of rules, and other things by name (`directory group:security`). */
export interface BundleDifference {
  readonly rulesAdded: readonly string[]
  readonly rulesRemoved: readonly string[]
  readonly rulesChanged: readonly string[]
  readonly otherChanges: readonly string[]
}

/**
 * Compares what is judged by, not how it is written: moving a rule to another file or adding a comment is no
 * difference, and a changed default shows in every rule that inherits it. `base` null: everything is new.
 */
export function differenceOf(base: Bundle | null, head: Bundle): BundleDifference {
  const rules = changed(ruleTexts(base), ruleTexts(head))
  const others = changed(otherTexts(base), otherTexts(head))
  return {
    rulesAdded: rules.added,
    rulesRemoved: rules.removed,
    rulesChanged: rules.changed,
    otherChanges: [
      ...others.added.map((name) => `${name} added`),
      ...others.removed.map((name) => `${name} removed`),
      ...others.changed.map((name) => `${name} changed`),
    ].sort(),
  }
}

type Texts = ReadonlyMap<string, string>

function changed(base: Texts, head: Texts) {
  return {
    added: [...head.keys()].filter((name) => !base.has(name)).sort(),
    removed: [...base.keys()].filter((name) => !head.has(name)).sort(),
    changed: [...head.keys()].filter((name) => base.has(name) && base.get(name) !== head.get(name)).sort(),
  }
}

function ruleTexts(bundle: Bundle | null): Texts {
  return new Map((bundle?.rules ?? []).map((rule) => [rule.id, textOf(ruleContent(rule))]))
}

/** Everything about a rule but where it stands. */
function ruleContent({ at: _, when, unless, demand, breakGlass, ...rule }: Rule): unknown {
  return {
    ...rule,
    when: textIn(when),
    unless: textIn(unless),
    demand: demand && demandContent(demand),
    breakGlass: breakGlass && { ...breakGlass, when: textIn(breakGlass.when) },
  }
}

function demandContent(demand: Demand): unknown {
  return { ...demand, confirm: demand.confirm.map(textIn) }
}

function textIn(condition: Condition | null): string | null {
  return condition?.text.trim() ?? null
}

function otherTexts(bundle: Bundle | null): Texts {
  if (bundle === null) return new Map()
  const { name, timezone, environments, unmatched, defaults, floor } = bundle
  const { windows, people, channels, catalogue, inventory } = bundle
  const listed = environments ? ['environments', ...environments.map((one) => `environment ${one}`)] : []
  const entries = [
    ...[...inventory.exact.values()].flatMap((byId) => [...byId.values()]),
    ...inventory.globs.map(({ entry }) => entry),
  ]
  return new Map([
    ...Object.entries({ name, timezone, unmatched, floor, defaults: demandContent(defaults) }).map(
      ([key, value]): [string, string] => [key, textOf(value)],
    ),
    ...listed.map((key): [string, string] => [key, '']),
    ...[...windows].map(([key, value]): [string, string] => [`window ${key}`, textOf(value)]),
    ...[...channels].map(([key, value]): [string, string] => [`directory ${key}`, value]),
    ...[...people].map(([key, value]): [string, string] => [`directory ${key}`, textOf(value)]),
    ...[...catalogue].map(([key, { effect, params }]): [string, string] => [
      `action ${key}`,
      textOf({ effect, params: params === 'open' ? params : Object.fromEntries(params) }),
    ]),
    ...entries.map((entry): [string, string] => [
      `resource ${entry.match.type} ${entry.match.id}`,
      textOf(entry),
    ]),
  ])
}

function textOf(value: unknown): string {
  return canonical([JSON.parse(JSON.stringify(value)) as Json]) // its own text
}
