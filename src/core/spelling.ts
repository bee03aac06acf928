import { asciiLike } from './confusables.ts'
import { unseen } from './visible.ts'

/**
 * What a name is compared by where another spelling must not pass for another thing. Two names that have one of these in
 * common differ at most by case, by characters that show nothing, or by characters that look alike (threats: own-spelling).
 * Letter by letter: `rn` is not compared with `m`, and an accent is a difference.
 */
export function spellings(name: string): ReadonlySet<string> {
  return plain.test(name) ? new Set([name]) : new Set(folds.map((fold) => fold(name).trim()))
}

/** The same of a pattern in which `*` stands for any characters: each is a pattern for the spellings of names. */
export function patternSpellings(pattern: string): ReadonlySet<string> {
  const pieces = pattern.split('*')
  return pieces.length === 1 ? spellings(pattern) : new Set(folds.map((fold) => pieces.map(fold).join('*')))
}

/** Whether two names have a spelling in common. */
export function areAlike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const spelling of one) if (other.has(spelling)) return true
  return false
}

/** Names that every fold leaves as they are: most of them. */
const plain = /^[a-z2-9._:/-]*$/

/**
 * By case alone, as NFKC_Casefold of Unicode; by look alone, as the skeleton of UTS #39; and by both. They are apart because
 * a capital `I` looks like a small `l`, and `MAIL` must not be `MALL` for that.
 */
const folds: readonly ((name: string) => string)[] = [
  (name) => foldCase(shown(name)),
  (name) => each(shown(name), (character) => skeletonOf[character] ?? asciiLike(character)),
  (name) => foldCase(each(shown(name), (character) => digitsLike[character] ?? asciiLike(character))),
]

const digitsLike: Readonly<Record<string, string>> = { '0': 'O', '1': 'l', '|': 'l' }
const skeletonOf: Readonly<Record<string, string>> = { ...digitsLike, I: 'l' }

const nothing = new RegExp(`[${unseen}\\p{Cc}]`, 'gu')

/**
 * Without what shows nothing, compatible characters as one; spaces that only that kept apart are one too. Nothing is cut off
 * at the ends: it may be a piece of a pattern.
 */
function shown(name: string): string {
  return name.normalize('NFKC').replace(/\s/gu, ' ').replace(nothing, '').replace(/ +/g, ' ')
}

/** By way of capitals, so that `ß` is `ss` and every sigma is one. */
function foldCase(text: string): string {
  return each(text, (character) => character.toUpperCase().toLowerCase())
}

function each(text: string, change: (character: string) => string): string {
  return Array.from(text, change).join('')
}
