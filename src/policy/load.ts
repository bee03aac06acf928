import type { Json } from '../core/json.ts'
import { allowedByText } from './allowedByText.ts'
import { brakesOf } from './brakes.ts'
import { breakGlassOf } from './breakGlass.ts'
import { type Audience, type Bundle, conditionsOf, type Rule } from './bundle.ts'
import { actionsFitting, candidateFaults } from './candidates.ts'
import { commandsOf } from './commands.ts'
import { celEngine } from './conditions/cel.ts'
import { countedActions } from './counted.ts'
import { crossCheck } from './crossCheck.ts'
import { budgetsOf } from './declaredBudgets.ts'
import { demandOf } from './demand.ts'
import type { AudienceShape } from './format/audienceSchema.ts'
import type { BundleShape } from './format/bundleSchema.ts'
import type { CatalogueShape } from './format/catalogueSchema.ts'
import { contentDigest } from './format/contentDigest.ts'
import { type BundleFiles, readFiles, type Shaped, type ShapedRule } from './format/read.ts'
import type { ResourcesShape } from './format/resourcesSchema.ts'
import type { Source } from './format/source.ts'
import { glob } from './glob.ts'
import { toolCatalogueOf } from './mcp/toolCatalogue.ts'
import { knownNames } from './names.ts'
import { type BundleProblem, problemAt } from './problem.ts'
import { type CommandCatalogue, noCommands } from './readers/shell/commandCatalogue.ts'
import { type InventoryEntry, inventoryOf } from './resources.ts'
import { type CompiledRules, compileRules } from './ruleConditions.ts'
import { goesByRun } from './runRules.ts'
import { stopPolicyOf } from './stopPolicy.ts'
import { calendarOf } from './time.ts'

export type { BundleProblem } from './problem.ts'

export type Loaded =
  | { readonly ok: true; readonly bundle: Bundle }
  | { readonly ok: false; readonly problems: readonly BundleProblem[] }

/**
 * Loads a policy bundle: path relative to the bundle's directory (`bundle.yaml`, `rules/data.yaml`) to text. Either the
 * whole bundle, checked, with the defaults written into every rule, or every problem that was found, in the order of
 * the files, each with its place and how to fix it. Nothing is skipped and nothing is guessed (docs/policy.md#problems).
 */
export function loadBundle(files: ReadonlyMap<string, string>): Loaded {
  const read = readFiles(files)
  const commands = read.commands && commandsOf(read.commands.shape, read.commands.source.value)
  const engine = celEngine()
  const conditions = compileRules(read, engine)
  const problems = [
    ...read.problems,
    ...crossCheck(read),
    ...conditions.problems,
    ...allowedByText(read, conditions),
    ...(commands?.faults ?? []).flatMap((fault) =>
      read.commands ? problemAt(read.commands.source, fault) : [],
    ),
  ]
  const { bundle, catalogue } = read
  if (bundle === null || catalogue === null || problems.length > 0)
    return { ok: false, problems: inFileOrder(problems) }

  const loaded = assemble(read, { bundle, catalogue, commands, conditions, engine: engine.id })
  const crowded = candidateFaults(loaded.candidates).map((fault) => problemAt(catalogue.source, fault))
  return crowded.length > 0 ? { ok: false, problems: crowded } : { ok: true, bundle: loaded }
}

interface Parts {
  readonly bundle: Shaped<BundleShape>
  readonly catalogue: Shaped<CatalogueShape>
  readonly commands: { readonly catalogue: CommandCatalogue } | null
  readonly conditions: CompiledRules
  readonly engine: string
}

function assemble(read: BundleFiles, parts: Parts): Bundle {
  const { bundle, catalogue, commands, conditions, engine } = parts
  const { name, timezone, unmatched, floor, directory, environments, windows = new Map() } = bundle.shape
  const rules = [...read.rules].sort((left, right) => (left.shape.id < right.shape.id ? -1 : 1))
  const compiled = rules.map((rule) => ruleOf(rule, bundle.shape, conditions))
  const vocabulary = {
    environments: environments ?? null,
    catalogue: catalogue.shape.actions,
    commands: commands?.catalogue ?? noCommands,
    servers: toolCatalogueOf(read.servers),
    inventory: inventoryOf((read.resources?.shape.resources ?? []).map(entryOf)),
    rules: compiled,
  }
  const candidates = candidatesOf(rules, compiled, catalogue.shape.actions)
  return {
    ...vocabulary,
    name,
    digest: digestOfFiles(read, bundle, catalogue),
    timezone,
    windows,
    calendar: calendarOf(timezone, windows),
    engine,
    unmatched: { knownAction: unmatched.known_action, unknownAction: unmatched.unknown_action },
    defaults: demandOf({}, bundle.shape),
    brakes: brakesOf(bundle.shape.defaults),
    stop: stopPolicyOf(bundle.shape.stop),
    ...namedIn(bundle.shape),
    ownerLeft: bundle.shape.defaults.owner_left ?? 'ask',
    workingHours: bundle.shape.working_hours ?? null,
    floor: {
      separation: floor?.separation ?? [],
      maxExpiresInSeconds: floor?.max_expires_in ?? null,
      maxGrantTtlSeconds: floor?.max_grant_ttl ?? null,
      neverAllowEffects: floor?.never_allow_effects ?? [],
    },
    audiences: (bundle.shape.audiences ?? []).map((audience, nth) =>
      audienceOf(audience, bundle.source, nth),
    ),
    ...addressesIn(directory),
    names: knownNames(vocabulary),
    candidates,
    ...countingIn(bundle.shape, catalogue.shape.actions, candidates),
    reads: new Set(compiled.flatMap(conditionsOf).flatMap(({ compiled: { refs } }) => [...refs])),
  }
}

function namedIn({
  auditors = [],
  restorers = [],
  registrars = [],
}: BundleShape): Pick<Bundle, 'auditors' | 'restorers' | 'registrars'> {
  return {
    auditors: [...auditors].sort(),
    restorers: [...restorers].sort(),
    registrars: [...registrars].sort(),
  }
}

function countingIn(
  { budgets: written, run }: BundleShape,
  catalogue: Bundle['catalogue'],
  candidates: Bundle['candidates'],
): Pick<Bundle, 'budgets' | 'counted' | 'run'> {
  const budgets = budgetsOf(written, catalogue)
  return { budgets, counted: countedActions(budgets, candidates), run: runOf(run, candidates) }
}

/** Looked up once: for every other action nothing is looked for. */
function runOf(run: BundleShape['run'], candidates: Bundle['candidates']): Bundle['run'] {
  if (run === undefined) return null
  const goes = (rule: Rule) => conditionsOf(rule).some(({ compiled }) => goesByRun(compiled.refs))
  const actions = [...candidates].flatMap(([name, rules]) => (rules.some(goes) ? [name] : []))
  return { windowSeconds: run.window, actions: new Set(actions) }
}

function addressesIn(directory: BundleShape['directory']): Pick<Bundle, 'people' | 'channels'> {
  return {
    people: new Map(
      [...directory].flatMap(([ref, address]) => ('people' in address ? [[ref, address.people]] : [])),
    ),
    channels: new Map(
      [...directory].flatMap(([ref, address]) => ('channels' in address ? [[ref, address.channels]] : [])),
    ),
  }
}

function ruleOf(rule: ShapedRule, bundle: BundleShape, conditions: CompiledRules): Rule {
  const { source, index, shape } = rule
  const { id, description, match, verdict, message } = shape
  const { when = null, unless = null, confirm = [], breakGlassWhen = null } = conditions.of.get(rule) ?? {}
  return {
    id,
    description,
    match: {
      actions: match.actions ?? null,
      agents: match.agents?.map(glob) ?? null,
      environments: match.environments ?? null,
      effects: match.effects ?? null,
    },
    when,
    unless,
    mode: shape.mode ?? 'enforce',
    verdict,
    message: message ?? null,
    demand: verdict === 'require_approval' ? demandOf(shape, bundle, confirm) : null,
    inherits: verdict === 'require_approval' ? inheritedBy(shape) : [],
    breakGlass: breakGlassOf(shape, bundle, breakGlassWhen),
    at: { file: source.file, ...source.place([index]) },
  }
}

function audienceOf(audience: AudienceShape, source: Source, nth: number): Audience {
  const { id, resource_types: types, profile, spent_by, token_only } = audience
  return {
    id,
    resourceTypes: types === 'all' ? null : types,
    profile,
    spentBy: spent_by,
    tokenOnly: token_only ?? false,
    at: { file: source.file, ...source.place(['audiences', nth]) },
  }
}

function inheritedBy({ require }: ShapedRule['shape']): Rule['inherits'] {
  const left = [require?.expires_in ?? 'expires_in', require?.grant?.ttl ?? 'grant']
  return left.filter((name) => name === 'expires_in' || name === 'grant')
}

function entryOf({
  match,
  sensitivity,
  owner,
  environment,
  region,
  labels,
}: ResourcesShape['resources'][number]): InventoryEntry {
  return {
    match,
    sensitivity,
    owner: owner ?? null,
    environment: environment ?? null,
    region: region ?? null,
    labels: labels ?? {},
  }
}

function candidatesOf(
  rules: readonly ShapedRule[],
  compiled: readonly Rule[],
  catalogue: Bundle['catalogue'],
): Bundle['candidates'] {
  const candidates = new Map<string, Rule[]>([...catalogue.keys()].map((name) => [name, []]))
  for (const [index, rule] of compiled.entries()) {
    const match = rules[index]?.shape.match
    for (const name of match ? actionsFitting(match, catalogue) : []) candidates.get(name)?.push(rule)
  }
  return candidates
}

function digestOfFiles(
  read: BundleFiles,
  bundle: Shaped<unknown>,
  catalogue: Shaped<unknown>,
): Bundle['digest'] {
  return contentDigest({
    bundle: bundle.source.value,
    actions: catalogue.source.value,
    commands: read.commands?.source.value ?? null,
    servers: read.servers.map(({ source }) => source.value),
    resources: resourceList(read.resources?.source.value ?? null),
    rules: read.rules.flatMap(({ source, index }) => itemsOf(source.value).slice(index, index + 1)),
  })
}

function resourceList(resources: Json): readonly Json[] {
  const isMapping = typeof resources === 'object' && resources !== null && !Array.isArray(resources)
  return isMapping && 'resources' in resources ? itemsOf(resources.resources) : []
}

function itemsOf(list: Json | undefined): readonly Json[] {
  return Array.isArray(list) ? list : []
}

function inFileOrder(problems: readonly BundleProblem[]): readonly BundleProblem[] {
  const byFile = (left: BundleProblem, right: BundleProblem): number =>
    left.file < right.file
      ? -1
      : left.file > right.file
        ? 1
        : left.line - right.line || left.column - right.column
  return [...problems].sort(byFile)
}
