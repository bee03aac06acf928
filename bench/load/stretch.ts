import { meter, type Parts, processorOf, type Spent, together } from '../machine/meter.ts'
import { allOf, type Done } from './atOnce.ts'

/** A load and what it took of the machine. */
export interface Stretch {
  readonly done: Done
  readonly spent: Spent
}

export async function stretch(parts: Parts, work: () => Promise<Done>): Promise<Stretch> {
  const spent = meter(parts)
  const done = await work()
  return { done, spent: spent() }
}

/** Several stretches of the same load as one. */
export const joined = (stretches: readonly Stretch[]): Stretch => ({
  done: allOf(stretches.map(({ done }) => done)),
  spent: together(stretches.map(({ spent }) => spent)),
})

/** Milliseconds of processor time of each operation, in these parts together. */
export const costOf = ({ done, spent }: Stretch, ...parts: readonly string[]): number =>
  processorOf(spent, ...parts) / done.count

export function costText(name: string, one: Stretch, parts: readonly string[]): string {
  const each = parts.map((part) => `${part} ${costOf(one, part).toFixed(3)} ms`)
  return `${name}: processor time of each of ${one.done.count}: ${each.join(', ')}`
}
