import type { Action } from '../../core/action.ts'
import type { Json } from '../../core/json.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { CatalogueAction, Param, ParamType } from '../../policy/catalogue.ts'
import { requestSources } from '../../policy/conditions/declarations.ts'
import { pathTo, stepsOf } from '../../policy/conditions/path.ts'
import type { Facts } from '../../policy/facts.ts'
import { localTimeOf } from '../../policy/localTime.ts'
import { sensitivities } from '../../policy/resources.ts'
import type { TimeFacts } from '../../policy/time.ts'
import type { Clause } from '../logic/clause.ts'
import { allowedBy, passes } from '../logic/domain.ts'
import { type Constant, isMapping, type Test } from '../logic/formula.ts'
import { wholePaths } from '../logic/ruleLogic.ts'
import { type Kind, listFor, scalarFor, testsOf } from '../logic/witness.ts'
import { someAgent } from '../standIn.ts'
import { budgetFor } from './budgetNumbers.ts'
import { withKnownValues } from './knownValues.ts'
import type { ShapeAt } from './likelyValues.ts'
import { isAbsent, isListLike, openParamsFor } from './openParams.ts'
import { environmentFor } from './probeEnvironment.ts'
import { otherResourcesFor, resourceFactsFor, type Text, withNaming } from './resourceFacts.ts'

/** A request that was made up to see what the policy says of it. */
export interface Probe {
  readonly action: Action
  readonly facts: Facts
}

/** What a bundle's probes are made with; the moments are computed once. */
export interface ProbeContext {
  readonly bundle: Bundle
  readonly moments: readonly TimeFacts[]
}

/** Every hour of one week, the beginnings of weekly windows, and the beginning, the middle and the end of dated ones. */
export function probeContextOf(bundle: Bundle): ProbeContext {
  const { firstAt } = localTimeOf(bundle.timezone)
  const at = (local: string): number => firstAt(Date.parse(`${local}Z`))
  const week = Array.from({ length: 168 }, (_, hour) => monday + hour * 3_600_000)
  const windows = [...bundle.windows.values()].flatMap((window) => {
    if (window.kind === 'weekly') return days.map((date) => at(`${date}T${window.from}`))
    const [start, end] = [at(window.start), at(window.end)]
    return [start - 86_400_000, start, (start + end) / 2, end - 60_000]
  })
  const instants = [...week.slice(37), ...week.slice(0, 37), ...windows].map((one) =>
    new Date(one).toISOString(),
  )
  return { bundle, moments: instants.flatMap((instant) => bundle.calendar(instant) ?? []) }
}

const monday = Date.UTC(2026, 10, 23)
const days = ['23', '24', '25', '26', '27', '28', '29'].map((day) => `2026-11-${day}`)

/** A request that most likely goes the way of the clause, or null where none was thought of. */
export function probeFor(workshop: ProbeContext, action: string, asked: Clause): Probe | null {
  const { bundle, moments } = workshop
  const known = bundle.catalogue.get(action)
  const declared = known?.params
  const shapeAt = shapesOf(asked, declared)
  const way = withKnownValues(withKnown(withNaming(asked, known), workshop), {
    shapeAt,
    isWhole: wholePaths(bundle, [action]),
  })
  if (way === null) return null
  const time = moments.find((moment) => fitsTime(way, moment))
  const params =
    declared === undefined ? null : declared === 'open' ? openParamsFor(way) : typedParams(way, declared)
  const text = textOf(way)
  const place = environmentFor(bundle, way)
  const type = text('resource.type', 'thing')
  const id = text('resource.id', 'thing-1')
  const facts = factsFor(way, text)
  const others = params && otherResourcesFor(way, { known, params, text })
  const budget = params && budgetFor(bundle, way, { action, params })
  if (time === undefined || params === null || place === null || type === null || id === null) return null
  if (facts === null || others === null || budget === null) return null
  const { environment, ofResource } = place
  const resource = { ...facts.resource, ...(ofResource && { environment: ofResource }) }
  return {
    action: { action, environment, resource: { type, id }, params },
    facts: {
      ...facts,
      ...others,
      resource,
      at: time.now,
      environment,
      time: { ...time, windows: [...time.windows] },
      ...(budget && { budget }),
    },
  }
}

function textOf(way: Clause): Text {
  return (path, otherwise) => {
    const tests = testsOf(way, path)
    if (tests.every((test) => passes(otherwise, test))) return otherwise
    const value = scalarFor(tests, 'text')
    return typeof value === 'string' ? value : null
  }
}

/** What is compared with another value can be no more than there is: a time that of some moment, an environment a known one. */
function withKnown(way: Clause, { bundle, moments }: ProbeContext): Clause {
  const next = new Map(way)
  const among = (path: string, values: () => readonly Constant[]): void => {
    const tests = way.get(path) ?? []
    if (tests.some(({ is }) => is === 'relation'))
      next.set(path, [...tests, { is: 'among', values: [...new Set(values())] }])
  }
  const fitting = moments.filter((moment) => fitsTime(way, moment))
  for (const name of ['hour', 'weekday', 'date'] as const)
    among(`time.${name}`, () => fitting.map((moment) => moment[name]))
  const { environments } = bundle
  for (const path of ['environment', 'resource.environment'])
    if (environments) among(path, () => environments)
  return next
}

const lists: readonly string[] = ['time.windows', 'agent.tags', 'run.sensitivities', 'run.labels']

/** What stands at each path; where parameters are open, what is asked of it tells. */
function shapesOf(way: Clause, declared: CatalogueAction['params'] | undefined): ShapeAt {
  return (path) => {
    if (isMapping(path)) return 'mapping'
    if (path === 'time.hour' || path.startsWith('size(') || path.startsWith('budget.')) return 'whole'
    if (path === 'initiator.attested') return 'flag'
    if (lists.includes(path) || path.endsWith('.groups')) return 'list'
    const [root, name] = stepsOf(path)
    if (root !== 'params' || name === undefined) return 'text'
    if (declared !== 'open') {
      const type = declared?.get(name)?.type ?? 'opaque'
      return typeof type === 'string' ? kinds[type] : 'list'
    }
    return isListLike(way.get(path) ?? []) ? 'list' : 'unknown'
  }
}

function factsFor(way: Clause, text: Text): Omit<Facts, 'at' | 'environment' | 'time'> | null {
  const optional = (path: string, otherwise: string): string | undefined =>
    way.has(path) && !isAbsent(way, path) ? (text(path, otherwise) ?? undefined) : undefined
  const resource = resourceFactsFor(way, text, 'resource')
  if (resource === null) return null
  const [model, reason] = [
    optional('agent.model', 'a-model'),
    optional('request.reason', 'A reason of some length.'),
  ]
  const [name, tags, run] = [text('agent.name', 'some-agent'), tagsFor(way), runFor(way)]
  if (name === null || tags === null || run === null) return null
  const kind = text('initiator.kind', 'human') === 'schedule' ? 'schedule' : 'human'
  const isAttested = !testsOf(way, 'initiator.attested').every((test) => passes(false, test))
  const source = requestSources.find((one) => text('request.source', 'api') === one) ?? 'api'
  return {
    resource,
    agent: {
      id: text('agent.id', someAgent) ?? someAgent,
      name,
      tags,
      owner: personFor(way, text, 'agent.owner'),
      ...(model && { model }),
    },
    initiator: { ...personFor(way, text, 'initiator'), kind, ...(isAttested && { attested: true as const }) },
    request: { source, ...(reason && { reason }) },
    run,
  }
}

function runFor(way: Clause): NonNullable<Facts['run']> | null {
  const asked = (path: string): string[] | null =>
    way.has(path) || way.has(`size(${path})`) ? textsFor(way, path) : []
  const [kinds, labels] = [asked('run.sensitivities'), asked('run.labels')]
  if (kinds === null || labels === null) return null
  return {
    sensitivities: kinds.map((one) => sensitivities.find((known) => known === one) ?? 'restricted'),
    labels: labels.map((one) => one || 'some=label'),
  }
}

function personFor(way: Clause, text: Text, name: string): NonNullable<Facts['agent']['owner']> {
  const groups = way.has(`${name}.groups`) ? textsFor(way, `${name}.groups`) : null
  return {
    id: text(`${name}.id`, 'somebody') ?? 'somebody',
    email: text(`${name}.email`, 'somebody@example.test') ?? 'somebody@example.test',
    ...(groups && { groups }),
  }
}

/** What a list of texts holds; null where nothing was thought of. */
function textsFor(way: Clause, path: string): string[] | null {
  const sizes = way.get(`size(${path})`) ?? []
  const items = listFor(way.get(path) ?? [], { item: 'text', sizes })
  return items === null ? null : items.map(String)
}

function tagsFor(way: Clause): string[] | null {
  const isAsked = way.has('agent.tags') || way.has('size(agent.tags)')
  const tags = isAsked ? textsFor(way, 'agent.tags') : []
  return tags === null ? null : tags.map((tag) => tag || 'some-tag')
}

function typedParams(way: Clause, declared: ReadonlyMap<string, Param>): Action['params'] | null {
  const params: Record<string, Json> = {}
  for (const [name, { type, optional, amount }] of declared) {
    const path = pathTo('params', name)
    const asked = [path, `size(${path})`, `lowerAscii(${path})`].some((one) => way.has(one))
    if (optional && (!asked || isAbsent(way, path))) continue
    const value = amount ? scalarFor([...testsOf(way, path), aboveZero], 'whole') : valueFor(way, path, type)
    if (value === null) return null
    params[name] = value
  }
  return params
}

const aboveZero: Test = { is: 'above', bound: 0, orEqual: false }

const kinds: Readonly<Record<Extract<ParamType, string>, Kind>> = {
  string: 'text',
  int: 'whole',
  number: 'number',
  bool: 'flag',
  opaque: 'text',
}

function valueFor(way: Clause, path: string, type: ParamType): Json | null {
  if (typeof type === 'string') return scalarFor(testsOf(way, path), kinds[type])
  const sizes = way.get(`size(${path})`) ?? []
  const items =
    typeof type.list === 'string'
      ? listFor(
          (way.get(path) ?? []).map((test) => settledItem(way, test)),
          { item: kinds[type.list], sizes },
        )
      : []
  return items && [...items]
}

/** What items are asked to be equal to, or not, by its value where the way knows it. */
function settledItem(way: Clause, test: Test): Test {
  if ((test.is !== 'every' && test.is !== 'some') || test.of.kind !== 'test') return test
  const { path, test: item } = test.of
  if (item.is !== 'relation' || item.how !== 'equals') return test
  const other = path === test.variable ? item.path : path
  const values = allowedBy(way.get(other) ?? [])
  if (values?.length !== 1) return test
  const is = item.holds ? 'among' : 'not among'
  return { ...test, of: { kind: 'test', path: test.variable, test: { is, values } } }
}

function fitsTime(way: Clause, moment: TimeFacts): boolean {
  const fits = (path: string, value: Constant): boolean =>
    testsOf(way, path).every((test) => passes(value, test))
  const windows = (way.get('time.windows') ?? []).every((test) => {
    if (test.is === 'holding') return moment.windows.includes(String(test.value))
    return test.is !== 'lacking' || !moment.windows.includes(String(test.value))
  })
  return (
    windows &&
    fits('time.hour', moment.hour) &&
    fits('time.weekday', moment.weekday) &&
    fits('time.date', moment.date)
  )
}
