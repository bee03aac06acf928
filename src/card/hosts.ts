import { domainToASCII, domainToUnicode } from 'node:url'
import { asciiLike } from '../core/confusables.ts'
import type { Json } from '../core/json.ts'
import { say, shown, type Text } from './span.ts'
import { revealLine } from './text.ts'

/** A name of a host that may look like another one. */
export interface OddHost {
  /** As it was written. */
  readonly host: string
  /** What it is looked up by, `xn--…`; the same in letters when that is how it was written; null where it is no name at all. */
  readonly other: string | null
  /** Of its letters: `Latin and Cyrillic`. */
  readonly scripts: readonly string[]
}

/** Characters of one text that are looked through. */
const longest = 20_000

/** What stands where an address has its host, dots or not: behind `://` and whoever is to log in there. */
const addressed = /(?<=:\/\/(?:[^\s/?#"'<>@]*@)?)[^\s/?#"'<>@:,;)\]}]+/gu

/** After `://`, `@` or a space, or at the beginning: labels with dots between, of whatever letters, full width too. */
const dotted = /(?<![\p{L}\p{N}\p{M}_.-])[\p{L}\p{N}\p{M}_-]+(?:[.\u3002\uFF0E\uFF61][\p{L}\p{N}\p{M}_-]+)+/gu

/**
 * Names of hosts among texts that are not plain ASCII, or say in ASCII that they are not (`xn--`), each once. Both forms are
 * told, and the scripts of its letters: one letter of another script is all that a look-alike needs (threats: look-alike).
 */
export function oddHostsIn(texts: readonly string[]): readonly OddHost[] {
  const found = new Map<string, OddHost>()
  for (const text of texts)
    for (const host of namesIn(text.slice(0, longest))) if (isOdd(host)) found.set(host, describe(host))
  return [...found.values()]
}

/** Every text in a value, names of properties too. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    Array.isArray(value) ? textsIn(item) : [key, ...textsIn(item)],
  )
}

/** `раураl.com is xn--… to computers, in Latin and Cyrillic letters`. */
export function sayHost({ host, other, scripts }: OddHost): Text {
  const written = shown(revealLine(JSON.stringify(host)), 120)
  const also = other === null ? say` is not a host name` : say` is ${shown(revealLine(other), 120)}`
  return scripts.length > 0
    ? say`${written}${also}, in ${shown(scripts.join(' and '), 80)} letters`
    : say`${written}${also}`
}

function isOdd(host: string): boolean {
  return /[^\x20-\x7E]/.test(host) || /(^|\.)xn--/i.test(host)
}

/**
 * Prose has words with dots between too: those are names only where something says so, where scripts are mixed, or where all
 * of it looks like ASCII.
 */
function namesIn(text: string): readonly string[] {
  const whole = text.trim()
  const names = [...text.matchAll(dotted)].flatMap(({ 0: name, index }) =>
    text.charAt(index - 1) === '@' || whole === name || isMixed(name) || looksPlain(name) ? [name] : [],
  )
  const bare = /^[\p{L}\p{N}\p{M}_-]+$/u.test(whole) && isMixed(whole) && looksPlain(whole) ? [whole] : []
  return [...(text.match(addressed) ?? []), ...names, ...bare]
}

function isMixed(name: string): boolean {
  return /(^|\.)xn--/i.test(name) || scriptsOf(name).length > 1 || /[\uFF01-\uFF5E]/.test(name)
}

/** A name that nobody can tell from one in ASCII: of a bucket for instance. */
function looksPlain(word: string): boolean {
  return [...word.normalize('NFKC')].every((one) => /[\x21-\x7E]/.test(asciiLike(one)))
}

function describe(host: string): OddHost {
  const ascii = domainToASCII(host)
  const isAscii = !/[^\x20-\x7E]/.test(host)
  const other = isAscii ? domainToUnicode(host) : ascii
  const letters = isAscii ? other : host
  return { host, other: other === '' || other === host ? null : other, scripts: scriptsOf(letters) }
}

const scripts = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Georgian',
  'Cherokee',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
].map((name) => ({ name, letters: new RegExp(String.raw`\p{Script=${name}}`, 'u') }))

/** Letters of no script named here count as one of their own. */
function scriptsOf(text: string): readonly string[] {
  const known = scripts.filter(({ letters }) => letters.test(text)).map(({ name }) => name)
  const isOther = [...text].some(
    (one) => /\p{L}/u.test(one) && !scripts.some(({ letters }) => letters.test(one)),
  )
  return isOther ? [...known, 'other'] : known
}
