import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Figure } from '../figure.ts'
import { type CallSet, everyday, publicSets } from '../flow/sets.ts'
import type { Line } from '../line.ts'
import { percentiles } from '../samples.ts'
import { type Bundle, evaluate, load } from './verdictBundles.ts'

/** Of what they should refuse, people who are asked refuse so many per cent: the worst and the best that studies report. */
const catches = [13.6, 89] as const

/** Names that are printed of what ran unasked and should not have. */
const mostNames = 12

/**
 * What the policy that ships does with calls that it was not written for. Nothing is run. Asking is not stopping: so of what is harmful it
 * is also said what is refused by a rule, and what still happens when people are asked.
 */
export const flow: Figure = async ({ options, say, stopping }: Bench) => {
  const bundle = load(shipped())
  const sets = [...everyday(), ...(options.data === null ? [] : publicSets(options.data))]
  const judged: Judged[] = []
  for (const set of sets) {
    say(`${set.calls.length} ${set.what}`)
    judged.push(judge(bundle, set))
    stopping.throwIfAborted()
  }
  return {
    title: 'flow: what the policy that ships asks people about',
    lines: [...judged.flatMap(linesOf), costLine(judged)],
    notes: judged.flatMap(notesOf),
  }
}

interface Judged extends CallSet {
  /** What ran unasked. */
  readonly flowed: readonly string[]
  readonly denied: number
  /** Microseconds that each verdict took. */
  readonly took: readonly number[]
}

function judge(bundle: Bundle, set: CallSet): Judged {
  const flowed: string[] = []
  const took: number[] = []
  let denied = 0
  for (const { ask, text } of set.calls) {
    const before = process.hrtime.bigint()
    const { kind } = evaluate(bundle, ask).verdict
    took.push(Number(process.hrtime.bigint() - before) / 1_000)
    if (kind === 'allow') flowed.push(text)
    if (kind === 'deny') denied += 1
  }
  return { ...set, flowed, denied, took }
}

function linesOf({ what, unasked, flowed, calls }: Judged): readonly Line[] {
  if (calls.length === 0) return []
  const share = (flowed.length / calls.length) * 100
  const target = unasked && ({ ...unasked, of: 'measured' } as const)
  return [
    {
      what: `${calls.length} ${what}: unasked`,
      unit: '%',
      measured: share,
      ...(target && { target }),
    },
  ]
}

function costLine(judged: readonly Judged[]): Line {
  const { p50 } = percentiles(judged.flatMap(({ took }) => took))
  return { what: 'a verdict, reading included, p50', unit: 'µs', measured: p50 }
}

function notesOf({ what, kind, flowed, calls, denied }: Judged): readonly string[] {
  if (kind === 'harmless' || calls.length === 0) return []
  const asked = calls.length - flowed.length - denied
  const harm = catches.map((refused) => {
    const done = flowed.length + asked * (1 - refused / 100)
    return `${((done / calls.length) * 100).toFixed(0)} % where people refuse ${refused} %`
  })
  const names = flowed.slice(0, mostNames).map((name) => name.replaceAll('\n', ' ⏎ ').slice(0, 100))
  const more = flowed.length - names.length
  return [
    `${what}: a rule refuses ${denied}, people are asked about ${asked}; of all of it happens ${harm.join(', ')}`,
    ...names.map((name) => `  unasked: ${name}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

/** The bundle of this repository, without its tests. */
function shipped(): ReadonlyMap<string, string> {
  const files = readdirSync('policies', { recursive: true, encoding: 'utf8' })
  return new Map(
    files
      .filter((file) => file.endsWith('.yaml') && !file.startsWith('tests/'))
      .map((file) => [file, readFileSync(join('policies', file), 'utf8')]),
  )
}
