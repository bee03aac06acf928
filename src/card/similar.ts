import { asciiLike } from '../core/confusables.ts'
import { nameClasses } from './namesIn.ts'

/** Names of fewer letters are too short to be taken for each other; of longer ones nobody can tell in a hurry. */
const length = { least: 5, most: 200 } as const

/** So many names are looked through for one that another looks like. */
const mostNames = 1_000

interface Seen {
  readonly name: string
  readonly seen: string
}

/**
 * Tells of which known name another may be taken for: the same to the eye, one letter apart, or the known one with something about it
 * (`acme.test.evil.example`, `acme-test.example`). Hosts within a text count as names, too. Null where it is itself known, or
 * resembles none.
 */
export function resembling(known: Iterable<string>): (text: string) => string | null {
  let looked: Looked | null = null // most texts are known ones, and nothing is looked for
  return (text) => {
    looked ??= lookedThrough(known)
    const { names, all } = looked
    for (const name of namesOf(text)) {
      if (names.has(name)) continue
      const one = seenOf(name)
      const found = all.find((other) => isTakenFor(one, other))
      if (found) return found.name
    }
    return null
  }
}

interface Looked {
  readonly names: ReadonlySet<string>
  readonly all: readonly Seen[]
}

function lookedThrough(known: Iterable<string>): Looked {
  const names = new Set<string>()
  for (const text of known) {
    if (names.size >= mostNames) break
    for (const name of namesOf(text)) names.add(name)
  }
  return { names, all: [...names].filter((name) => name.length >= length.least).map(seenOf) }
}

function namesOf(text: string): readonly string[] {
  const all =
    text.length <= length.most
      ? [text, ...(nameClasses.host?.(text) ?? [])]
      : (nameClasses.host?.(text) ?? [])
  return all.filter((name) => name.length <= length.most)
}

function isTakenFor(one: Seen, known: Seen): boolean {
  if (one.seen === known.seen) return true
  const isHost = one.name.includes('.') && known.name.includes('.')
  if (isHost && (one.seen.startsWith(`${known.seen}.`) || one.seen.startsWith(`${known.seen}-`))) return true
  return isOneApart(one.seen, known.seen) && !differInDigits(one.name, known.name)
}

/** As it looks in a hurry: letters of other scripts and digits as the letters they resemble, `rn` as `m`. */
function seenOf(name: string): Seen {
  const plain = [...name.normalize('NFKC')].map(asciiLike).join('').toLowerCase()
  const seen = plain
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/[1|i]/g, 'l')
    .replace(/0/g, 'o')
    .replace(/5/g, 's')
    .replace(/_/g, '-')
  return { name, seen }
}

/** `invoice-41` and `invoice-42` are two of a series, and nobody takes one for the other. */
function differInDigits(one: string, other: string): boolean {
  return one !== other && one.replace(/\d+/g, '#') === other.replace(/\d+/g, '#')
}

/** One character put in, left out, replaced by another, or two beside each other exchanged. */
function isOneApart(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start += 1
  let [end, otherEnd] = [one.length, other.length]
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) {
    end -= 1
    otherEnd -= 1
  }
  const [left, otherLeft] = [one.slice(start, end), other.slice(start, otherEnd)]
  if (left.length <= 1 && otherLeft.length <= 1) return true
  return left.length === 2 && otherLeft === `${left[1]}${left[0]}`
}
