import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type Scalar,
} from 'yaml'
import type { Json, JsonObject } from '../../../core/json.ts'
import { Refusal } from '../../../core/refusal.ts'
import { parseStrictJson } from '../../../core/strictJson.ts'
import { withoutStacks } from '../../withoutStacks.ts'
import { NotUnderstood } from '../notUnderstood.ts'
import { checkText, manifestLimits } from './manifestText.ts'

/**
 * The documents of a text, where YAML 1.1, which kubectl reads, and YAML 1.2 give the same; empty ones are left out, as
 * kubectl does. JSON is one document, and read as JSON.
 *
 * @throws NotUnderstood
 */
export function documentsIn(text: string): readonly Json[] {
  checkText(text)
  if (/^\s*[{[]/.test(text)) return [jsonIn(text)]
  const [newer, older] = withoutStacks(() => {
    const tokens = [...new Parser().parse(text)]
    return [composed(tokens, '1.2'), composed(tokens, '1.1')] as const
  })
  if (newer.length !== older.length) throw new NotUnderstood(differs)
  return newer.flatMap((node, nth) => {
    const value = same(node, older[nth] ?? null, { text, depth: 0 })
    return value === null ? [] : [value]
  })
}

function jsonIn(text: string): Json {
  const { text: bytes, depth } = manifestLimits
  try {
    return parseStrictJson(text, { bytes, depth, items: 1_000, text: bytes })
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault
    const [{ pointer, detail } = { pointer: '', detail: '' }] = fault.problems
    if (fault.code === 'invalid_json') throw new NotUnderstood('It begins like JSON, and is not JSON.')
    throw new NotUnderstood(`It is not JSON that every parser reads alike: ${pointer || '/'} ${detail}`)
  }
}

type Found = ParsedNode | null

function composed(tokens: readonly CST.Token[], version: '1.1' | '1.2'): readonly Found[] {
  const composer = new Composer({
    version,
    schema: version === '1.1' ? 'yaml-1.1' : 'core',
    strict: true,
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false, // same() finds duplicates in linear time
    logLevel: 'silent',
  })
  return [...composer.compose(tokens)].map(({ errors: [error], contents }) => {
    if (error) throw new NotUnderstood('It is not YAML.', error.pos[0])
    return contents as Found // composed without `keepSourceTokens`, nodes are as they were parsed
  })
}

const differs = 'YAML 1.1, which kubectl reads, and YAML 1.2 read it differently: put it in quotes.'

interface Within {
  readonly text: string
  readonly depth: number
}

/** The value of a node that both versions gave, or why it is not understood. */
function same(one: Found, other: Found, within: Within): Json {
  if (one === null || other === null) {
    if (one === other) return null
    throw new NotUnderstood(differs, placeOf(one ?? other))
  }
  const at = placeOf(one)
  if (isAlias(one) || isAlias(other)) throw new NotUnderstood('It has an alias (*).', at)
  if (one.anchor !== undefined) throw new NotUnderstood('It has an anchor (&).', at)
  if (one.tag !== undefined) throw new NotUnderstood('It has a tag (!).', at)
  if (within.depth > manifestLimits.depth)
    throw new NotUnderstood(`It is nested deeper than ${manifestLimits.depth} levels.`, at)
  const inner = { ...within, depth: within.depth + 1 }
  if (isScalar(one) && isScalar(other)) return scalarOf(one, other, within)
  if (isSeq(one) && isSeq(other) && one.items.length === other.items.length)
    return one.items.map((item, nth) => same(item, other.items[nth] ?? null, inner))
  if (isMap(one) && isMap(other) && one.items.length === other.items.length)
    return mappingOf(one.items, other.items, inner)
  throw new NotUnderstood(differs, at)
}

interface Pair {
  readonly key: ParsedNode
  readonly value: Found
}

function mappingOf(pairs: readonly Pair[], others: readonly Pair[], within: Within): JsonObject {
  const keys = new Set<string>()
  return Object.fromEntries(
    pairs.map(({ key, value }, nth): [string, Json] => {
      const other = others[nth]
      const name = same(key, other?.key ?? null, within)
      const at = placeOf(key)
      if (typeof name !== 'string') throw new NotUnderstood('It has a key that is not text.', at)
      if (name === '<<' || name === '__proto__') throw new NotUnderstood(`It has the key \`${name}\`.`, at)
      if (keys.has(name)) throw new NotUnderstood('It has the same key twice.', at)
      keys.add(name)
      return [name, same(value, other?.value ?? null, within)]
    }),
  )
}

/**
 * Numbers only as JSON writes them: others are one number here and another there. A plain text must not be a number to a
 * parser written in Go, which knows `0X1F` and `1_000`.
 */
function scalarOf(one: Scalar.Parsed, { value: other }: Scalar.Parsed, { text }: Within): Json {
  const { value, source, type } = one
  const at = placeOf(one)
  if (value !== other) throw new NotUnderstood(differs, at)
  const written = text.slice(one.range[0], one.range[1]).replaceAll('\\\\', '')
  if (type === 'QUOTE_DOUBLE' && /\\[^nt"]/.test(written))
    throw new NotUnderstood('It has an escape that parsers read differently.', at)
  if (typeof value === 'number') {
    const isPlain = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(source) && !Object.is(value, -0)
    if (isPlain && (!Number.isInteger(value) || Number.isSafeInteger(value)) && `${value}` === source)
      return value
    throw new NotUnderstood('It has a number that parsers read differently: put it in quotes.', at)
  }
  if (typeof value === 'string') {
    const isOdd = type === 'PLAIN' && /^[-+]?0[xXoObB]|^[-+]?[\d.]*_[\d._]*(?:[eE]|$)/.test(value)
    if (isOdd) throw new NotUnderstood(differs, at)
    return value
  }
  if (value === null || typeof value === 'boolean') return value
  throw new NotUnderstood(differs, at)
}

function placeOf(node: Found): number | undefined {
  return node?.range?.[0]
}
