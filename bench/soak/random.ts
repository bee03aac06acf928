/** Choices that can be repeated. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  /** A number from `low` to `high`. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly [T, ...T[]]): T
  /** One name, each as likely as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T
  shuffled<T>(list: readonly T[]): T[]
}

/** Each part of the soak draws from a stream of its own, so that one that draws more often does not change the others' choices. */
export function random(seed: number, stream: string): Random {
  let state = hash(`${seed} ${stream}`)
  const next = () => {
    // mulberry32, by Tommy Ettinger, in the public domain
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number) => low + next() * (high - low)
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)] ?? from[0],
    weighted(weights) {
      const names = Object.keys(weights) as (keyof typeof weights)[] // keys of the record that was given
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0)
      for (const name of names) {
        left -= weights[name]
        if (left < 0) return name
      }
      throw new RangeError('weights have to add up to more than nothing')
    },
    shuffled(list) {
      const drawn = list.map((one) => ({ one, at: next() }))
      return drawn.sort((a, b) => a.at - b.at).map(({ one }) => one)
    },
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (const letter of text) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193)
  return sum | 0
}
