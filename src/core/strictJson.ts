import { type Json, pointerTo } from './json.ts'
import { Refusal } from './refusal.ts'

/** Limits on what an agent may send (docs/policy.md#limits). Lengths are UTF-16 code units. */
export const jsonLimits = { bytes: 256 * 1024, depth: 32, items: 1_000, text: 200 * 1024 } as const

/** Bytes of all of it, levels, items of a list or keys of an object, and UTF-16 units of a text. */
type Limits = { readonly [limit in keyof typeof jsonLimits]: number }

/**
 * Parses JSON that means the same to every reader, or refuses it with the RFC 6901 pointer to the place.
 * Two parsers can disagree about duplicate keys, integers beyond 2^53, lone surrogates and `__proto__`: then a person
 * could be shown one action and the agent run another (threats.md, ambiguous-json).
 *
 * @throws Refusal `invalid_json` for a syntax error, `ambiguous_json` for the rest, `too_deep`, `too_large`
 */
export function parseStrictJson(text: string, limits: Limits = jsonLimits): Json {
  if (Buffer.byteLength(text) > limits.bytes) throw new Refusal('too_large', 'body over the limit')
  let value: Json
  try {
    value = JSON.parse(text) as Json // parsed edge: JSON.parse returns JSON or throws
  } catch {
    throw new Refusal('invalid_json', 'not JSON', [{ pointer: '', detail: 'The body is not valid JSON.' }])
  }
  refuseAmbiguity(text, limits)
  return value
}

/** A token of a text that JSON.parse has already accepted, so nothing else can stand between two of them. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

interface Level {
  readonly parent: Level | undefined
  /** Keys seen so far; null for an array. */
  readonly keys: Set<string> | null
  key: string | null
  items: number
}

/** Walks the tokens with levels of its own: no recursion, so depth cannot exhaust the call stack. */
function refuseAmbiguity(text: string, limits: Limits): void {
  let level: Level | undefined
  let depth = 0
  for (const [word] of text.matchAll(token)) {
    if (word === '{' || word === '[') {
      depth += 1
      if (depth > limits.depth) refuse('too_deep', placeIn(level), `Nested deeper than ${limits.depth}.`)
      level = { parent: level, keys: word === '{' ? new Set() : null, key: null, items: 0 }
    } else if (word === '}' || word === ']') {
      depth -= 1
      level = level?.parent
    } else if (word === ',' && level) {
      level.key = null
      level.items += 1
      if (level.items >= limits.items)
        refuse('too_large', placeIn(level.parent), `More than ${limits.items} items.`)
    } else if (word.startsWith('"')) {
      readString(word, level, limits)
    } else if (word !== ':') {
      refuseUnsafeNumber(word, level)
    }
  }
}

function readString(word: string, level: Level | undefined, { text: longest }: Limits): void {
  const text = JSON.parse(word) as string // parsed edge: the token is a JSON string
  if (level?.keys && level.key === null) {
    if (!text.isWellFormed())
      refuse('ambiguous_json', placeIn(level.parent), 'A key holds half a surrogate pair.')
    const isKnown = level.keys.has(text)
    level.keys.add(text)
    level.key = text
    if (isKnown) refuse('ambiguous_json', placeIn(level), 'The same key appears here twice.')
    if (text === '__proto__') refuse('ambiguous_json', placeIn(level), 'This key is not allowed.')
    return
  }
  if (!text.isWellFormed()) refuse('ambiguous_json', placeIn(level), 'The text holds half a surrogate pair.')
  if (text.length > longest) refuse('too_large', placeIn(level), `Longer than ${longest} characters.`)
}

function refuseUnsafeNumber(word: string, level: Level | undefined): void {
  if (word === 'true' || word === 'false' || word === 'null') return
  const wrong = whyUnsafe(word)
  if (wrong !== null) refuse('ambiguous_json', placeIn(level), wrong)
}

function whyUnsafe(word: string): string | null {
  const number = Number(word)
  if (!Number.isFinite(number)) return 'The number is out of range.'
  if (Number.isInteger(number) && !Number.isSafeInteger(number))
    return 'Integers beyond 2^53 - 1 are read differently by different parsers; send text.'
  if (Object.is(number, -0)) return 'Negative zero is not allowed.'
  return keepsItsDigits(word, number) ? null : 'The number has more digits than a double can hold; send text.'
}

/** True when the number's decimal digits survive the trip through a double: 1.0 and 1e2 do, 0.1234567890123456789 does not. */
function keepsItsDigits(word: string, number: number): boolean {
  return digitsOf(word) === digitsOf(String(number))
}

/** Significant digits and power of ten, so that 1.50, 15e-1 and 1.5 compare equal. */
function digitsOf(word: string): string {
  const [mantissa = '', exponent = '0'] = word
    .toLowerCase()
    .replace('-', (sign, at) => (at === 0 ? '' : sign))
    .split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.replace(/0+$/, '')
  if (kept === '') return '0'
  return `${kept}e${Number(exponent) - fraction.length + (digits.length - kept.length)}`
}

/** Of what the level has come to. Only made for what is refused. */
function placeIn(level: Level | undefined): string {
  if (!level) return ''
  return pointerTo(placeIn(level.parent), level.keys ? (level.key ?? '') : level.items)
}

function refuse(code: 'too_deep' | 'too_large' | 'ambiguous_json', pointer: string, detail: string): never {
  throw new Refusal(code, `${code} in a body`, [{ pointer, detail }])
}
