import { availableParallelism } from 'node:os'
import { machineTime, processorTimeOf } from './processes.ts'

/** The processes of each part of what is measured; asked again at each look, because connections come and go. */
export type Parts = Readonly<Record<string, () => readonly number[]>>

/** What a stretch of a run took. Milliseconds. */
export interface Spent {
  readonly wall: number
  /** Processor time by part. */
  readonly processor: ReadonlyMap<string, number>
  /** Processor time of all parts and of the bench itself, of the whole machine, and what there was. */
  readonly ours: number
  readonly busy: number
  readonly all: number
}

/** Begins to look; the answer ends it. */
export function meter(parts: Parts): () => Spent {
  const look = () => ({
    at: performance.now(),
    own: process.cpuUsage(),
    machine: machineTime(),
    processor: new Map(Object.entries(parts).map(([name, pids]) => [name, processorTimeOf(pids())])),
  })
  const before = look()
  return () => {
    const after = look()
    const processor = new Map(
      [...after.processor].map(([name, time]) => [name, time - (before.processor.get(name) ?? 0)]),
    )
    const own = after.own.user + after.own.system - before.own.user - before.own.system
    return {
      wall: after.at - before.at,
      processor,
      ours: [...processor.values()].reduce((sum, one) => sum + one, own / 1_000),
      busy: after.machine.busy - before.machine.busy,
      all: after.machine.all - before.machine.all,
    }
  }
}

/** Several stretches as one. */
export function together(stretches: readonly Spent[]): Spent {
  const names = new Set(stretches.flatMap(({ processor }) => [...processor.keys()]))
  const total = (of: (spent: Spent) => number) => stretches.reduce((sum, one) => sum + of(one), 0)
  return {
    wall: total((one) => one.wall),
    processor: new Map([...names].map((name) => [name, total((one) => one.processor.get(name) ?? 0)])),
    ours: total((one) => one.ours),
    busy: total((one) => one.busy),
    all: total((one) => one.all),
  }
}

/** Milliseconds of processor time of some parts. */
export function processorOf({ processor }: Spent, ...names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (processor.get(name) ?? Number.NaN), 0)
}

/** How much of the machine was the bench's own, in a sentence. */
export function shareText(
  name: string,
  { ours, busy, all }: Spent,
  processors = availableParallelism(),
): string {
  if (!Number.isFinite(ours + busy + all) || all === 0)
    return `${name}: how busy the machine was is not known`
  const of = (time: number) => ((Math.max(0, time) / all) * processors).toFixed(2)
  const others = Math.max(0, busy - ours)
  const warning = others / all > 0.1 ? '; others took more than a tenth: measure again' : ''
  return `${name}: of ${processors} processors ${of(ours)} were ours, ${of(others)} others', ${of(all - Math.max(busy, ours))} idle${warning}`
}
