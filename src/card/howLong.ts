/** A length of time as people say it, in the largest unit that needs no fraction: `24 hours`, `90 minutes`. */
export function howLong(seconds: number): string {
  const [size, name] = units.find(([length]) => seconds >= length && seconds % length === 0) ?? [1, 'second']
  const count = seconds / size
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

const units = [
  [3_600, 'hour'],
  [60, 'minute'],
] as const
