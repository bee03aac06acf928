// What processes used, as Linux tells it in /proc. Elsewhere nothing is known: then numbers are NaN.
import { readFileSync } from 'node:fs'

/** Milliseconds of a tick of /proc: 100 a second on every Linux that Node runs on. */
const tick = 10

/** Milliseconds of processor time that the processes have used so far, with those of their children that have ended. */
export function processorTimeOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid) * tick, 0)
}

function ticksOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === null) return Number.NaN
  // The name in the second field may hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime, stime, cutime, cstime
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
}

/** A process and the children that it has now: a server of PostgreSQL is one for each connection, and some more. */
export function familyOf(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`) ?? ''
  return [pid, ...children.split(' ').filter(Boolean).map(Number)]
}

/** Megabytes that the processes hold; what several of them share counts once (PSS). */
export function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => {
    const told = read(`/proc/${pid}/smaps_rollup`)
    return told === null ? Number.NaN : Number(/^Pss:\s+(\d+)/m.exec(told)?.[1] ?? 0)
  })
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024
}

/** Milliseconds that all processors together have been busy, and have been there at all, since the machine started. */
export function machineTime(): { readonly busy: number; readonly all: number } {
  const first = read('/proc/stat')?.split('\n')[0] ?? ''
  const [user, nice, system, idle, iowait, irq, softirq, steal] = first.split(/\s+/).slice(1).map(Number)
  const busy = sum(user, nice, system, irq, softirq, steal)
  return { busy: busy * tick, all: sum(busy, idle, iowait) * tick }
}

function sum(...values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
