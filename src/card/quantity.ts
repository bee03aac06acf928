/** A number with its unit in a text, in the smallest unit of its kind: `30d`, `PT8H`, `512 MiB`. */
export interface Quantity {
  readonly kind: string
  readonly amount: number
}

const second = 1
const scales: Readonly<Record<string, readonly [kind: string, factor: number]>> = {
  ms: ['time', second / 1_000],
  s: ['time', second],
  sec: ['time', second],
  seconds: ['time', second],
  m: ['time', 60],
  min: ['time', 60],
  minutes: ['time', 60],
  h: ['time', 3_600],
  hours: ['time', 3_600],
  d: ['time', 86_400],
  days: ['time', 86_400],
  w: ['time', 604_800],
  weeks: ['time', 604_800],
  b: ['size', 1],
  kb: ['size', 1e3],
  mb: ['size', 1e6],
  gb: ['size', 1e9],
  tb: ['size', 1e12],
  kib: ['size', 2 ** 10],
  mib: ['size', 2 ** 20],
  gib: ['size', 2 ** 30],
  tib: ['size', 2 ** 40],
  ki: ['size', 2 ** 10],
  mi: ['size', 2 ** 20],
  gi: ['size', 2 ** 30],
}

/**
 * Null where it is no number with a unit behind it, or with decimals: digits alone say as well which one. A unit that is not known
 * here is a kind of its own.
 */
export function quantityIn(text: string): Quantity | null {
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text)
  if (iso && text.length > 2) {
    const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0))
    return {
      kind: 'time',
      amount: (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0),
    }
  }
  const [, digits, unit] = /^(-?\d{1,15}(?:\.\d{1,9})?)\s?([a-zA-Z%]{0,10})$/.exec(text) ?? []
  if (digits === undefined || unit === undefined || (unit === '' && !digits.includes('.'))) return null
  const [kind, factor] = scales[unit.toLowerCase()] ?? [`in ${unit.toLowerCase()}`, 1]
  return { kind, amount: Number(digits) * factor }
}

/** Milliseconds since the epoch of a day or a moment as ISO 8601 writes it; null of any other text. */
export function momentIn(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text))
    return null
  const at = Date.parse(text)
  return Number.isFinite(at) ? at : null
}
