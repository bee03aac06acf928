import type { BreakGlass, Source } from '../core/requirement.ts'
import type { BreakGlassDemand, Condition, Floor } from './bundle.ts'
import { grantOf, nameFaults, reasonOf } from './demand.ts'
import type { BreakGlassShape, DefaultsShape } from './format/demandSchema.ts'
import type { Address } from './format/directorySchema.ts'
import type { RuleShape } from './format/ruleSchema.ts'
import type { Path } from './format/source.ts'
import { joinGrants, joinReasons } from './join.ts'
import type { Fault } from './problem.ts'

type Directory = ReadonlyMap<string, Address>
type Offering = Pick<RuleShape, 'verdict' | 'override' | 'break_glass'>

/**
 * The emergency path of a rule. A rule that asks offers one only through its own block, a denial only through
 * `override: break_glass`; what the block leaves out is taken from the defaults (docs/policy.md#a-rule).
 */
export function breakGlassOf(
  rule: Offering,
  { defaults, directory }: { readonly defaults: DefaultsShape; readonly directory: Directory },
  when: Condition | null,
): BreakGlassDemand | null {
  if (!offers(rule)) return null
  const { who, reason, step_up, grant, notify, review_within } = completed(rule.break_glass, defaults)
  const asked = reasonOf(reason)
  if (!who || !asked || !grant || !notify || review_within === undefined) return null // breakGlassFaults has refused it
  return {
    who: [...who].sort(),
    when,
    reason: asked,
    stepUp: step_up !== undefined,
    grant: grantOf(grant, defaults.grant),
    notify: notify.flatMap((name) => addressOf(directory.get(name))),
    reviewWithinSeconds: review_within,
  }
}

/** What a rule's path, or the defaults' path, leaves open, and names that lead nowhere. */
export function breakGlassFaults(rule: Offering, defaults: DefaultsShape, path: Path): readonly Fault[] {
  if (!offers(rule)) return []
  const whole = completed(rule.break_glass, defaults)
  const missing = (['who', 'reason', 'grant', 'notify', 'review_within'] as const).filter(
    (property) => whole[property] === undefined,
  )
  if (missing.length === 0) return []
  const message = `The emergency path does not say ${missing.map((name) => `\`${name}\``).join(', ')}: add it here, or under \`break_glass\` of the defaults.`
  return [{ path, code: 'rule/no-break-glass', message }]
}

/** Names in a path that the directory does not declare. */
export function breakGlassNames(
  written: Pick<BreakGlassShape, 'who' | 'notify'> | undefined,
  directory: Directory,
  path: Path,
): readonly Fault[] {
  const faults = (property: 'who' | 'notify') =>
    (written?.[property] ?? []).flatMap((name, index) =>
      nameFaults(name, directory, [...path, property, index]),
    )
  return [...faults('who'), ...faults('notify')]
}

/**
 * One path out of those of all decisive rules, at least as strict as each: only people whom every rule names, the
 * longest reason, the shortest grant and review. Null when a rule offers none, or when nobody is in all of them.
 */
export function joinBreakGlass(
  offered: readonly (BreakGlassDemand | null)[],
  { floor, people }: { readonly floor: Floor; readonly people: ReadonlyMap<string, Source> },
): BreakGlass | null {
  const paths = offered.filter((path) => path !== null)
  const [first] = paths
  if (first === undefined || paths.length < offered.length) return null
  const who = first.who.filter((name) => paths.every((path) => path.who.includes(name)))
  const least = (of: (path: BreakGlassDemand) => number): number => Math.min(...paths.map(of))
  const reason = joinReasons(paths.map((path) => path.reason))
  if (who.length === 0 || reason === null) return null
  return {
    who: who.flatMap((name) => people.get(name) ?? []),
    reason,
    stepUp: paths.some((path) => path.stepUp),
    grant: joinGrants(
      paths.map(({ grant }) => grant),
      floor,
    ),
    notify: [...new Set(paths.flatMap((path) => path.notify))].sort(),
    reviewWithinSeconds: least((path) => path.reviewWithinSeconds),
  }
}

function offers({ verdict, override, break_glass }: Offering): boolean {
  if (verdict === 'deny') return override === 'break_glass'
  return verdict === 'require_approval' && break_glass !== undefined
}

function completed(own: BreakGlassShape | undefined, defaults: DefaultsShape): BreakGlassShape {
  return { ...defaults.break_glass, ...own }
}

function addressOf(address: Address | undefined): readonly string[] {
  if (!address) return []
  return 'channels' in address ? address.channels : [address.people.address]
}
