import { setTimeout as delay } from 'node:timers/promises'
import { countersOf, sumOf } from './server.ts'

/** What the product did, as it counts it itself. */
export interface Counted {
  readonly commits: number
  /** Statements to the database, of the server and not of its jobs' library. */
  readonly statements: number
  /** Calls to Slack by method, whatever came of them. */
  readonly calls: ReadonlyMap<string, number>
}

async function countedAt(url: string): Promise<Counted> {
  const counters = await countersOf(url)
  const calls = new Map<string, number>()
  for (const [name, value] of counters) {
    const [, method] = /^countersign_slack_calls_total\{method="([^"]+)"/.exec(name) ?? []
    if (method) calls.set(method, (calls.get(method) ?? 0) + value)
  }
  return {
    commits: sumOf(counters, /^countersign_commit_seconds_count\{outcome="applied"/),
    statements: sumOf(counters, /^countersign_statement_seconds_count/),
    calls,
  }
}

/** Begins to count; the answer says how much there was since. */
export async function counting(url: string): Promise<() => Promise<Counted>> {
  const before = await countedAt(url)
  return async () => {
    const after = await countedAt(url)
    const calls = [...after.calls].map(
      ([method, count]) => [method, count - (before.calls.get(method) ?? 0)] as const,
    )
    return {
      commits: after.commits - before.commits,
      statements: after.statements - before.statements,
      calls: new Map(calls),
    }
  }
}

/** Several stretches as one. */
export function allCounted(stretches: readonly Counted[]): Counted {
  const calls = new Map<string, number>()
  for (const one of stretches)
    for (const [method, count] of one.calls) calls.set(method, (calls.get(method) ?? 0) + count)
  const total = (of: (one: Counted) => number) => stretches.reduce((sum, one) => sum + of(one), 0)
  return { commits: total((one) => one.commits), statements: total((one) => one.statements), calls }
}

/** How much of it there was in each of so many operations, in a sentence. */
export function countedText({ commits, statements, calls }: Counted, operations: number): string {
  const of = (count: number) => (count / operations).toFixed(2)
  const called = [...calls]
    .filter(([, count]) => count > 0)
    .map(([method, count]) => `${method} ${of(count)}`)
  return `of each: ${of(commits)} commits, ${of(statements)} statements; Slack: ${called.join(', ') || 'nothing'}`
}

/** Until nothing is committed or told to Slack any more, or for half a minute. */
export async function settled(url: string): Promise<void> {
  let last = await countedAt(url)
  for (let calm = 0, looks = 0; calm < 2 && looks < 100; looks += 1) {
    await delay(300)
    const now = await countedAt(url)
    calm = now.commits === last.commits && totalOf(now.calls) === totalOf(last.calls) ? calm + 1 : 0
    last = now
  }
}

const totalOf = (calls: ReadonlyMap<string, number>) => [...calls.values()].reduce((sum, one) => sum + one, 0)
