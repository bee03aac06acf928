import { policyActivation } from '../../core/action.ts'
import { canonical } from '../../core/canonical.ts'
import type { Json } from '../../core/json.ts'
import type { Bundle, Condition, Demand, Rule } from '../../policy/bundle.ts'
import { directoryNames } from '../../policy/directoryNames.ts'
import { asksForActivation, placeOfChange } from '../../policy/policyAction.ts'
import { entriesOf } from '../../policy/resources.ts'

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
      ...(base ? movedChange(base, head) : []),
    ].sort(),
  }
}

/** Other rules would decide about the next change, though none of them changed. */
function movedChange(base: Bundle, head: Bundle): readonly string[] {
  if (!asksForActivation(base) || !asksForActivation(head)) return []
  const [from, to] = [placeOfChange(base).environment, placeOfChange(head).environment]
  return from === to ? [] : [`environment of ${policyActivation}: ${from} → ${to}`]
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
  if (bundle === null) return new Map()
  return new Map(bundle.rules.map((rule) => [rule.id, textOf(ruleContent(rule, bundle))]))
}

/** Everything about a rule but where it stands, and where the names of the directory lead. */
function ruleContent({ at: _, when, unless, demand, breakGlass, ...rule }: Rule, bundle: Bundle): unknown {
  return {
    ...rule,
    match: { ...rule.match, agents: rule.match.agents?.map(({ pattern }) => pattern) ?? null },
    when: textIn(when),
    unless: textIn(unless),
    demand: demand && demandContent(demand, bundle),
    breakGlass: breakGlass && {
      ...breakGlass,
      notify: directoryNames(bundle, breakGlass.notify),
      when: textIn(breakGlass.when),
    },
  }
}

function demandContent(demand: Demand, bundle: Bundle): object {
  const channels = directoryNames(bundle, demand.channels)
  return { ...demand, channels, confirm: demand.confirm.map(textIn) }
}

function textIn(condition: Condition | null): string | null {
  return condition?.text.trim() ?? null
}

function otherTexts(bundle: Bundle | null): Texts {
  if (bundle === null) return new Map()
  const { name, timezone, environments, unmatched, floor, stop, auditors, restorers, registrars } = bundle
  const defaults = { ...demandContent(bundle.defaults, bundle), ...bundle.brakes }
  const { windows, budgets, people, channels, catalogue, inventory } = bundle
  const listed = environments ? ['environments', ...environments.map((one) => `environment ${one}`)] : []
  const entries = entriesOf(inventory)
  const audiences = bundle.audiences.map(({ at: _, ...audience }) => audience)
  return new Map([
    ...Object.entries({ name, timezone, unmatched, floor, stop, defaults }).map(
      ([key, value]): [string, string] => [key, textOf(value)],
    ),
    ...(bundle.run ? [['run', textOf(bundle.run.windowSeconds)] as const] : []),
    ...(bundle.workingHours ? [['working_hours', textOf(bundle.workingHours)] as const] : []),
    ...Object.entries({ audiences, auditors, restorers, registrars }).flatMap(
      ([key, all]): [string, string][] => (all.length > 0 ? [[key, textOf(all)]] : []),
    ),
    ...listed.map((key): [string, string] => [key, '']),
    ...[...windows].map(([key, value]): [string, string] => [`window ${key}`, textOf(value)]),
    ...[...budgets].map(([key, value]): [string, string] => [`budget ${key}`, textOf(value)]),
    ...[...channels].map(([key, value]): [string, string] => [`directory ${key}`, value.join(' ')]),
    ...[...people].map(([key, value]): [string, string] => [`directory ${key}`, textOf(value)]),
    ...[...catalogue].map(([key, { params, resources, ...rest }]): [string, string] => [
      `action ${key}`,
      textOf({
        ...rest,
        params: params === 'open' ? params : Object.fromEntries(params),
        ...(resources && { resources: Object.fromEntries(resources) }),
      }),
    ]),
    ...[...bundle.commands.written].map(([key, value]): [string, string] => [
      `command ${key}`.replace(/^command program /, 'command '),
      value,
    ]),
    ...[...bundle.servers].flatMap(([server, tools]) =>
      [...tools].map(([tool, { written }]): [string, string] => [
        `tool ${nameOf({ type: server, id: tool })}`,
        written,
      ]),
    ),
    ...entries.map((entry): [string, string] => [`resource ${nameOf(entry.match)}`, textOf(entry)]),
  ])
}

/** No two entries have the same: where type or id hold a space of their own, as JSON. */
function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return /[\s"]/.test(type + id) ? JSON.stringify([type, id]) : `${type} ${id}`
}

function textOf(value: unknown): string {
  return canonical([JSON.parse(JSON.stringify(value)) as Json]) // its own text
}
