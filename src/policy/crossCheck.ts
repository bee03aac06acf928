import { breakGlassFaults, breakGlassNames } from './breakGlass.ts'
import { actionsFitting, matchFaults } from './candidates.ts'
import { budgetFaults } from './declaredBudgets.ts'
import { type Directory, hourless, lateEscalations, nameFaults, undeclared } from './demand.ts'
import { environmentFaults } from './environments.ts'
import type { BundleShape } from './format/bundleSchema.ts'
import type { CatalogueShape } from './format/catalogueSchema.ts'
import type { BundleFiles, Shaped, ShapedRule } from './format/read.ts'
import type { ResourcesShape } from './format/resourcesSchema.ts'
import { bundleLimits } from './limits.ts'
import { alikeNames, alikePatterns } from './lookalikes.ts'
import { serverFaults } from './mcp/toolCatalogue.ts'
import { unownedLegs } from './owners.ts'
import { type BundleProblem, type Fault, problemAt } from './problem.ts'

/** What is wrong between the files: names that lead nowhere, things said twice, too much of something. */
export function crossCheck(files: BundleFiles): readonly BundleProblem[] {
  return [
    ...defaultsProblems(files),
    ...budgetProblems(files),
    ...catalogueProblems(files),
    ...resourceProblems(files),
    ...ruleProblems(files),
    ...duplicateIds(files.rules),
    ...files.servers.flatMap((server) => placed(server, serverFaults(server))),
  ]
}

/** Names that lead nowhere. */
function peopleNames(
  names: readonly string[] | undefined,
  directory: Directory,
  path: Fault['path'],
): readonly Fault[] {
  return (names ?? []).flatMap((name, index) => nameFaults(name, directory, [...path, index]))
}

function defaultsProblems({ bundle }: BundleFiles): readonly BundleProblem[] {
  if (bundle === null) return []
  const { auditors, defaults, directory, environments = [], registrars, restorers } = bundle.shape
  const { stop, working_hours } = bundle.shape
  const at = { require: ['defaults'], notify: ['defaults', 'notify'] }
  return placed(bundle, [
    ...undeclared({ require: defaults, notify: defaults.notify }, directory, at),
    ...hourless(defaults.expires_in, working_hours, ['defaults']),
    ...unownedLegs(defaults.approvals, null, at.require),
    ...lateEscalations({ notify: defaults.notify }, defaults, at.notify),
    ...breakGlassNames(defaults.break_glass, directory, ['defaults', 'break_glass']),
    ...peopleNames(stop?.who, directory, ['stop', 'who']),
    ...peopleNames(auditors, directory, ['auditors']),
    ...peopleNames(restorers, directory, ['restorers']),
    ...peopleNames(registrars, directory, ['registrars']),
    ...alikeNames(environments, (index) => ({ path: ['environments', index] })),
  ])
}

function budgetProblems({ bundle, catalogue }: BundleFiles): readonly BundleProblem[] {
  if (bundle === null || catalogue === null) return []
  return placed(bundle, budgetFaults(bundle.shape.budgets, catalogue.shape.actions))
}

function catalogueProblems({ catalogue }: BundleFiles): readonly BundleProblem[] {
  if (catalogue === null) return []
  const names = [...catalogue.shape.actions.keys()]
  const alike = alikeNames(names, (index) => ({ path: ['actions', names[index] ?? ''], on: 'key' }))
  if (names.length <= bundleLimits.actions) return placed(catalogue, alike)
  const message = `${names.length} actions; at most ${bundleLimits.actions} are allowed: split the bundle.`
  return placed(catalogue, [{ path: ['actions'], on: 'key', code: 'limit/actions', message }, ...alike])
}

function resourceProblems({ bundle, resources }: BundleFiles): readonly BundleProblem[] {
  if (resources === null) return []
  const entries = resources.shape.resources
  const faults: Fault[] = []
  if (entries.length > bundleLimits.resources) {
    const message = `${entries.length} entries; at most ${bundleLimits.resources} are allowed: use patterns with a star.`
    faults.push({ path: ['resources'], on: 'key', code: 'limit/resources', message })
  }
  if (bundle !== null)
    faults.push(...entries.flatMap((entry, index) => entryNames(entry, index, bundle.shape)))
  return placed(resources, [...faults, ...repeatedPatterns(entries), ...alikePatterns(entries)])
}

function entryNames(
  { owner, environment }: ResourcesShape['resources'][number],
  index: number,
  { directory, environments }: BundleShape,
): readonly Fault[] {
  const at = ['resources', index]
  return [
    ...(owner === undefined ? [] : nameFaults(owner, directory, [...at, 'owner'])),
    ...(environment === undefined
      ? []
      : environmentFaults(environment, environments, [...at, 'environment'])),
  ]
}

function repeatedPatterns(entries: ResourcesShape['resources']): readonly Fault[] {
  const seen = new Set<string>()
  return entries.flatMap(({ match }, index): Fault[] => {
    const pattern = JSON.stringify([match.type, match.id])
    if (!seen.has(pattern)) {
      seen.add(pattern)
      return []
    }
    const message = `${match.type} ${match.id} has an entry above: keep one.`
    return [{ path: ['resources', index, 'match'], code: 'resource/duplicate', message }]
  })
}

function ruleProblems({ bundle, catalogue, rules }: BundleFiles): readonly BundleProblem[] {
  const tooMany = rules.slice(bundleLimits.rules, bundleLimits.rules + 1).flatMap((rule) => {
    const message = `${rules.length} rules; at most ${bundleLimits.rules} are allowed: join rules with globs.`
    return placed(rule, [{ path: [rule.index], code: 'limit/rules', message }])
  })
  const faulty = rules.flatMap((rule) => {
    const shape: BundleShape | undefined = bundle?.shape
    return placed(rule, [
      ...(catalogue ? matchFaults(rule.shape.match, catalogue.shape.actions, rule.index) : []),
      ...(shape ? placeFaults(rule, shape) : []),
      ...(shape ? demandFaults(rule, shape) : []),
      ...(catalogue ? ownerFaults(rule, catalogue.shape.actions) : []),
    ])
  })
  return [...tooMany, ...faulty]
}

function placeFaults({ shape, index }: ShapedRule, { environments }: BundleShape): readonly Fault[] {
  return (shape.match.environments ?? []).flatMap((name, at) =>
    environmentFaults(name, environments, [index, 'match', 'environments', at]),
  )
}

function demandFaults({ shape, index }: ShapedRule, bundle: BundleShape): readonly Fault[] {
  const { defaults, directory, working_hours } = bundle
  const at = { require: [index, 'require'], notify: [index, 'notify'] }
  const path = [index, shape.break_glass ? 'break_glass' : 'override']
  return [
    ...undeclared(shape, directory, at),
    ...hourless(shape.require?.expires_in, working_hours, at.require),
    ...lateEscalations(shape, defaults, at.notify),
    ...breakGlassNames(shape.break_glass, directory, path),
    ...breakGlassFaults(shape, defaults, path),
  ]
}

function ownerFaults(
  { shape: { match, require }, index }: ShapedRule,
  catalogue: CatalogueShape['actions'],
): readonly Fault[] {
  const fitting = new Set(actionsFitting(match, catalogue))
  const actions = [...catalogue].filter(([name]) => fitting.has(name))
  return unownedLegs(require?.approvals ?? [], actions, [index, 'require'])
}

function duplicateIds(rules: readonly ShapedRule[]): readonly BundleProblem[] {
  const first = new Map<string, ShapedRule>()
  return rules.flatMap((rule) => {
    const earlier = first.get(rule.shape.id)
    if (earlier === undefined) {
      first.set(rule.shape.id, rule)
      return []
    }
    const { line } = earlier.source.place([earlier.index])
    const message = `The id "${rule.shape.id}" is taken by ${earlier.source.file}:${line}: ids are unique in a bundle.`
    return placed(rule, [{ path: [rule.index, 'id'], code: 'rule/duplicate-id', message }])
  })
}

function placed(file: Pick<Shaped<unknown>, 'source'>, faults: readonly Fault[]): readonly BundleProblem[] {
  return faults.map((fault) => problemAt(file.source, fault))
}
