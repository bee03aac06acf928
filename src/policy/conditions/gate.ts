import type { Json } from '../../core/json.ts'
import { jsonLimits } from '../../core/strictJson.ts'
import type { Bundle, Condition, Rule } from '../bundle.ts'
import type { CatalogueAction, ParamType } from '../catalogue.ts'
import type { Facts } from '../facts.ts'
import type { BundleProblem } from '../problem.ts'
import { bind } from './bind.ts'
import type { Bindings } from './engine.ts'
import { conditionLimits } from './limits.ts'

/** Below this bound a condition has no loop and no regular expression, and takes microseconds. */
const worthMeasuring = 20

/**
 * Conditions that take more than 50 ms on the largest request there can be: what the static limits miss (policy.md
 * section 4.7). For whoever makes a bundle active; it takes time, so it is not part of loading, which is pure.
 * `now` is a monotonic clock in milliseconds. The best of three runs counts, so that a busy machine refuses nothing.
 */
export function slowConditions(bundle: Bundle, now: () => number): readonly BundleProblem[] {
  const slowest = new Map<Condition, { readonly rule: Rule; readonly milliseconds: number }>()
  for (const [action, rules] of bundle.candidates) {
    const params = bundle.catalogue.get(action)?.params ?? 'open'
    const measured = rules.flatMap((rule) => conditionsOf(rule).map((condition) => ({ rule, condition })))
    if (measured.length === 0) continue
    const requests = fillers.map((filler) => largest(action, params, filler))
    for (const { rule, condition } of measured) {
      const milliseconds = Math.max(...requests.map((bindings) => fastest(condition, bindings, now)))
      const before = slowest.get(condition)?.milliseconds ?? 0
      if (milliseconds > before) slowest.set(condition, { rule, milliseconds })
    }
  }
  return [...slowest].flatMap(([{ at }, { rule, milliseconds }]) => {
    if (milliseconds <= conditionLimits.milliseconds) return []
    const took = `${Math.round(milliseconds)} ms on the largest request; at most ${conditionLimits.milliseconds} ms are allowed`
    return [
      {
        ...at,
        rule: rule.id,
        code: 'cel/slow',
        message: `This took ${took}: use fewer loops and shorter patterns.`,
      },
    ]
  })
}

function conditionsOf({ when, unless, demand, breakGlass }: Rule): readonly Condition[] {
  const all = [when, unless, breakGlass?.when ?? null, ...(demand?.confirm ?? [])]
  return all.filter(
    (condition) => condition !== null && condition.compiled.cost > worthMeasuring,
  ) as Condition[] // not null
}

function fastest({ compiled }: Condition, bindings: Bindings, now: () => number): number {
  const run = (): number => {
    const start = now()
    compiled.eval(bindings)
    return now() - start
  }
  return Math.min(run(), run(), run())
}

/** Texts that keep a loop going, each at the size where a limit would otherwise end it early. */
const fillers = ['a', '~', ','].flatMap((character) =>
  [jsonLimits.text, conditionLimits.searched, conditionLimits.pieces - 1].map((size) => ({
    character,
    size,
  })),
)

function largest(
  action: string,
  declared: CatalogueAction['params'],
  filler: (typeof fillers)[number],
): Bindings {
  const names = declared === 'open' ? [] : [...declared]
  const share = Math.floor((256 * 1024) / Math.max(1, names.length))
  const text = (most: number): string => filler.character.repeat(Math.min(most, filler.size))
  const value = (type: ParamType, size: number): Json => {
    if (typeof type === 'object')
      return Array.from({ length: jsonLimits.items }, () => value(type.list, size / jsonLimits.items))
    return { string: text(size), int: 2 ** 53 - 1, number: 1e300, bool: true, opaque: null }[type]
  }
  const params = Object.fromEntries(names.map(([name, { type }]) => [name, value(type, share)]))
  const person = { id: 'p', email: text(320), groups: Array.from({ length: 200 }, () => text(64)) }
  const at = '2026-11-24T14:00:00.000Z'
  const facts: Facts = {
    at,
    environment: text(128),
    resource: { sensitivity: 'unknown', owner: text(64), region: text(128), labels: {} },
    agent: { id: 'a', model: text(128), owner: person },
    initiator: { ...person, kind: 'human' },
    request: { reason: text(2_000), source: 'api' },
    time: { now: at, hour: 14, weekday: 'tue', date: '2026-11-24', windows: [] },
  }
  return bind(
    { action, resource: { type: text(128), id: text(512) }, params, environment: 'prod' },
    facts,
    declared,
  )
}
