import { asciiLike } from '../core/confusables.ts'

/**
 * Whether one name may be taken for another that people know: the same to the eye, one letter apart, or the known one with something
 * about it (`acme.test.evil.example`, `acme-test.example`). Names of fewer than five letters are too short to say so.
 */
export function looksLike(name: string, known: string): boolean {
  if (name === known || known.length < shortest || name.length > longest || known.length > longest)
    return false
  const [one, other] = [seenAs(name), seenAs(known)]
  if (one === other) return true
  if (hasDot(known) && hasDot(name) && (one.startsWith(`${other}.`) || one.startsWith(`${other}-`)))
    return true
  return isOneApart(one, other) && !differInDigits(name, known)
}

const shortest = 5
const longest = 200

function hasDot(name: string): boolean {
  return name.includes('.')
}

/** As it looks in a hurry: letters of other scripts and digits as the letters they resemble, `rn` as `m`. */
function seenAs(name: string): string {
  const plain = [...name.normalize('NFKC')].map(asciiLike).join('').toLowerCase()
  return plain
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
    .replace(/[1|i]/g, 'l')
    .replace(/0/g, 'o')
    .replace(/5/g, 's')
    .replace(/_/g, '-')
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
