import type { Json } from '../../core/json.ts'
import type { Bundle, Rule } from '../../policy/bundle.ts'
import type { CatalogueAction, ParamType } from '../../policy/catalogue.ts'
import { everyNode } from '../../policy/conditions/node.ts'
import type { TimeFacts } from '../../policy/time.ts'
import { withComposedId } from './composedId.ts'
import type { Probe } from './probe.ts'

/** Requests that are drawn for a rule which nothing else has reached. */
const draws = 400

/**
 * Requests for conditions that cannot be reasoned about: parameters combined of what the rule compares with, at the
 * moments that it names and around them. The same rule gives the same ones.
 */
export function* drawn(bundle: Bundle, rule: Rule, base: Probe): Generator<Probe> {
  const declared = bundle.catalogue.get(base.action.action)?.params ?? 'open'
  const literals = literalsOf(rule)
  const moments = momentsAround(bundle, literals.texts)
  const draw = drawer(literals)
  const count = declared === 'open' ? moments.length : draws
  for (let nth = 0; nth < count; nth += 1) {
    const time = moments[declared === 'open' ? nth : nth % (moments.length + 1)]
    const params =
      declared === 'open' ? base.action.params : paramsOf(declared, { base: base.action.params, draw })
    const facts = time
      ? { ...base.facts, at: time.now, time: { ...time, windows: [...time.windows] } }
      : base.facts
    yield withComposedId({ action: { ...base.action, params }, facts }, rule)
  }
}

function paramsOf(
  declared: Exclude<CatalogueAction['params'], 'open'>,
  { base, draw }: { readonly base: Probe['action']['params']; readonly draw: Draw },
): Probe['action']['params'] {
  const params: Record<string, Json> = {}
  for (const [name, { type, optional }] of declared) {
    const absent = optional && draw.below(3) === 0
    if (!absent) params[name] = draw.below(3) === 0 ? (base[name] ?? draw.value(type)) : draw.value(type)
  }
  return params
}

const day = 86_400_000
/** Milliseconds from a moment or a day that a condition names. */
const around = [0, 1, 7, 31, 366].flatMap((days) =>
  [1_000, 3_600_000].flatMap((more) => [days * day + more, -days * day - more]),
)

/** Around the moments and days that a rule writes out. */
function momentsAround({ calendar }: Bundle, texts: readonly string[]): readonly TimeFacts[] {
  const written = texts.filter((text) => /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(text)).slice(0, 8)
  const instants = written.map((text) => Date.parse(text)).filter(Number.isFinite)
  return instants
    .flatMap((instant) => around.map((distance) => new Date(instant + distance).toISOString()))
    .flatMap((instant) => calendar(instant) ?? [])
}

interface Literals {
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
}

function literalsOf({ when, unless }: Rule): Literals {
  const nodes = [when, unless].flatMap((condition) => (condition ? everyNode(condition.compiled.tree) : []))
  const values = nodes.flatMap((node) => (node.kind === 'literal' ? [node.value] : []))
  const texts = values.filter((value) => typeof value === 'string')
  const numbers = values.flatMap((value) =>
    typeof value === 'bigint' || typeof value === 'number' ? [Number(value)] : [],
  )
  return {
    texts: [
      'x',
      '',
      ...texts,
      ...texts.map((text) => `${text}x`),
      // Such as separators, of which there have to be some.
      ...texts.filter(({ length }) => length <= 3).map((text) => text.repeat(5)),
      ...(texts.length > 1 ? [texts.join('')] : []),
    ],
    numbers: [
      0,
      1,
      ...[...numbers, ...combined(numbers)].flatMap((number) => [number - 1, number, number + 1]),
    ],
  }
}

/** What arithmetic between two literals may be about. */
function combined(numbers: readonly number[]): readonly number[] {
  const few = numbers.slice(0, 6)
  return few.flatMap((left) =>
    few.flatMap((right) => [
      left + right,
      left - right,
      left * right,
      ...(right === 0 ? [] : [left / right]),
    ]),
  )
}

type Draw = ReturnType<typeof drawer>

/** Draws that come the same every time (mulberry32): nothing here has to be unpredictable. */
function drawer({ texts, numbers }: Literals) {
  let state = 1
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
  const one = <T>(items: readonly T[], otherwise: T): T => items[below(items.length)] ?? otherwise
  const value = (type: ParamType): Json => {
    if (typeof type === 'object') return Array.from({ length: below(4) }, () => value(type.list))
    if (type === 'int') return Math.round(one(numbers, 1))
    if (type === 'number') return one(numbers, 1)
    return type === 'bool' ? below(2) === 0 : one(texts, 'x')
  }
  return { below, value }
}
