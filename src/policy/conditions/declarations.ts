import type { Budget } from '../budget.ts'
import type { CatalogueAction, ParamType } from '../catalogue.ts'
import { toolType } from '../mcp/toolCall.ts'
import { readers } from '../readers/readers.ts'
import { sensitivities } from '../resources.ts'
import { weekdays } from '../time.ts'
import {
  bool,
  double,
  type Field,
  int,
  listOf,
  oneOf,
  opaque,
  string,
  timestamp,
  type ValueType,
} from './valueType.ts'

/**
 * What a condition may read, once for each action its rule can match (docs/policy.md#what-a-condition-sees): a condition has to be
 * right for every one of them.
 */
export interface Declarations {
  readonly variants: readonly Variant[]
  /** Paths that earlier conditions of the rule have already shown to be there. */
  readonly known: ReadonlySet<string>
}

export interface Variant {
  /** The actions that share these types. */
  readonly actions: readonly string[]
  readonly facts: ReadonlyMap<string, ValueType>
}

/** Where a request can come from; `request.source`. */
export const requestSources = ['api', 'webhook', 'mcp', 'cli'] as const
/** Whether a person or a timer started the agent; `initiator.kind`. */
export const initiatorKinds = ['human', 'schedule'] as const

/** Texts of bundle.yaml that facts are limited to; `environments` null: not limited. */
export interface Vocabulary {
  readonly windows: Iterable<string>
  readonly environments: readonly string[] | null
  /** Names of the directory: who can own a resource, or be in a group. */
  readonly people: readonly string[]
  readonly budgets: readonly Budget[]
}

/** One variant for each set of actions that declare the same parameters and are counted by the same budgets. */
export function variantsOf(
  actions: readonly string[],
  catalogue: ReadonlyMap<string, CatalogueAction>,
  vocabulary: Vocabulary,
): readonly Variant[] {
  const shared = sharedFacts(vocabulary)
  const bySignature = new Map<string, Alike>()
  for (const name of actions) {
    const { params, resources = new Map(), tool }: Named = catalogue.get(name) ?? { params: 'open' }
    const budgets = vocabulary.budgets.filter((one) => one.actions.includes(name))
    const named = params === 'open' ? params : [...params]
    const signature = JSON.stringify([named, [...resources], budgets, tool !== undefined])
    const known = { params, resources, ...(tool && { tool }) }
    const group = bySignature.get(signature) ?? { known, budgets, actions: [] }
    group.actions.push(name)
    bySignature.set(signature, group)
  }
  return [...bySignature.values()].map(({ known, budgets, actions }) => ({
    actions,
    facts: new Map([
      ...shared,
      ['params', paramsType(known.params)],
      ['resources', otherResourcesType(known, inventoriedFacts(vocabulary))],
      ...readFacts(known.params),
      ...(vocabulary.budgets.length > 0 ? [['budget', budgetType(budgets)] as const] : []),
      ...(known.tool ? ([['tool', toolType]] as const) : []),
    ]),
  }))
}

/** What of an action of the catalogue its facts depend on. */
type Named = Pick<CatalogueAction, 'params' | 'resources' | 'tool'>

/** Actions with the same facts. */
interface Alike {
  readonly known: Named
  readonly budgets: readonly Budget[]
  readonly actions: string[]
}

/** One whose parameter may be left out may be absent. */
function otherResourcesType(
  { params, resources = new Map() }: Named,
  facts: Record<string, ValueType>,
): ValueType {
  const isOptional = (param: string): boolean => params === 'open' || (params.get(param)?.optional ?? true)
  const fields = [...resources].map(([name, { from }]): [string, Field] => [
    name,
    { type: object(facts), optional: isOptional(from.param) },
  ])
  return { kind: 'object', fields: new Map(fields), open: false }
}

/** Of an action, what counts it. */
function budgetType(budgets: readonly Budget[]): ValueType {
  return object(
    Object.fromEntries(
      budgets.map(({ name, sum }) => [name, object(sum ? { count: int, sum: int } : { count: int })]),
    ),
  )
}

function paramsType(params: CatalogueAction['params']): ValueType {
  if (params === 'open') return { kind: 'object', fields: new Map(), open: true }
  const fields = [...params].map(([name, { type, optional }]): [string, Field] => [
    name,
    { type: typeOf(type), optional },
  ])
  return { kind: 'object', fields: new Map(fields), open: false }
}

/** `read`, where the action has a parameter that is read. */
function readFacts(params: CatalogueAction['params']): readonly (readonly [string, ValueType])[] {
  if (params === 'open') return []
  const fields = [...params].flatMap(([name, { reads }]) =>
    reads === undefined
      ? []
      : [[name, { type: readingType(readers[reads].facts), optional: false }] as const],
  )
  return fields.length === 0 ? [] : [['read', { kind: 'object', fields: new Map(fields), open: false }]]
}

/**
 * Whether the value was understood is always there; every fact only once a condition has shown that it was. Otherwise a
 * rule could allow or deny by what is not there because nothing was understood.
 */
function readingType(facts: Readonly<Record<string, ValueType>>): ValueType {
  const names = Object.keys(facts)
  const optional = names.map(
    (name) => [name.endsWith('?') ? name : `${name}?`, facts[name] ?? string] as const,
  )
  const type = object({ understood: bool, ...Object.fromEntries(optional) })
  if (type.kind !== 'object') return type
  return { ...type, guard: { field: 'understood', shows: names.filter((name) => !name.endsWith('?')) } }
}

function typeOf(type: ParamType): ValueType {
  if (typeof type === 'object') return listOf(typeOf(type.list))
  return { string, int, number: double, bool, opaque }[type]
}

function sharedFacts({ windows, environments, people }: Vocabulary): ReadonlyMap<string, ValueType> {
  const window = oneOf({ what: 'a window of bundle.yaml', values: [...windows], code: 'cel/unknown-window' })
  const environment = environmentType(environments)
  const groups = people.filter((name) => name.startsWith('group:'))
  const person = { id: string, email: string, 'groups?': listOf(known('a group of the directory', groups)) }
  return new Map<string, ValueType>([
    ['action', string],
    ['environment', environment],
    ['resource', object({ type: string, id: string, ...inventoriedFacts({ environments, people }) })],
    [
      'agent',
      object({ id: string, name: string, tags: listOf(string), 'model?': string, owner: object(person) }),
    ],
    ['initiator', object({ ...person, kind: known('a kind of initiator', initiatorKinds), attested: bool })],
    ['request', object({ 'reason?': string, source: known('a source', requestSources) })],
    [
      'run',
      object({
        sensitivities: listOf(known('a sensitivity', [...sensitivities, 'unknown'])),
        labels: listOf(string),
      }),
    ],
    [
      'time',
      object({
        now: timestamp,
        hour: { kind: 'int', most: 23n },
        weekday: known('a weekday', weekdays),
        date: string,
        windows: listOf(window),
      }),
    ],
  ])
}

/** What the inventory says about a resource. */
function inventoriedFacts({
  environments,
  people,
}: Pick<Vocabulary, 'environments' | 'people'>): Record<string, ValueType> {
  return {
    sensitivity: known('a sensitivity', [...sensitivities, 'unknown']),
    'region?': string,
    'owner?': known('somebody of the directory', people),
    'environment?': environmentType(environments),
    labels: { kind: 'map' },
  }
}

function environmentType(environments: Vocabulary['environments']): ValueType {
  return environments ? known('an environment of bundle.yaml', environments) : string
}

function known(what: string, values: readonly string[]): ValueType {
  return oneOf({ what, values, code: 'cel/unknown-value' })
}

/** `name?` is a field that may be absent. */
function object(fields: Readonly<Record<string, ValueType>>): ValueType {
  const entries = Object.entries(fields).map(([name, type]): [string, Field] => {
    const optional = name.endsWith('?')
    return [optional ? name.slice(0, -1) : name, { type, optional }]
  })
  return { kind: 'object', fields: new Map(entries), open: false }
}
