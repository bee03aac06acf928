import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Figure } from '../figure.ts'
import { promptLines } from '../flow/agentDojo.ts'
import { type CallSet, everyday, publicSets, tasksIn } from '../flow/sets.ts'
import type { Line } from '../line.ts'
import { percentiles } from '../samples.ts'
import { grid } from '../table.ts'
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
  const files = shipped()
  const bundle = load(files)
  const tasks = options.data === null ? null : tasksIn(options.data, files)
  const sets = [
    ...everyday(),
    ...(options.data === null ? [] : publicSets(options.data, files)),
    ...(tasks ? [tasks.goals] : []),
  ]
  const judged: Judged[] = []
  for (const set of sets) {
    say(`${set.calls.length} ${set.what}`)
    judged.push(judge(set.bundle ?? bundle, set))
    stopping.throwIfAborted()
  }
  return {
    title: 'flow: what the policy that ships asks people about',
    lines: [...judged.flatMap(linesOf), ...(tasks ? promptLines(tasks) : []), costLine(judged)],
    notes: [...judged.flatMap(unaskedNotes), ...harmNotes(judged)],
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

/** What ran unasked and should not have, by name. */
function unaskedNotes({ what, kind, flowed, calls }: Judged): readonly string[] {
  if (kind === 'harmless' || calls.length === 0 || flowed.length === 0) return []
  const names = flowed.slice(0, mostNames).map((name) => name.replaceAll('\n', ' ⏎ ').slice(0, 100))
  const more = flowed.length - names.length
  return [
    `${what}, unasked:`,
    ...names.map((name) => `  ${name}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ]
}

/** Asking is not stopping: of each set that does harm, what is refused by a rule, what only asks, and how much of it happens all the same. */
function harmNotes(judged: readonly Judged[]): readonly string[] {
  const harmful = judged.filter(({ kind, calls }) => kind !== 'harmless' && calls.length > 0)
  if (harmful.length === 0) return []
  const head = [
    'of what does harm',
    'a rule refuses',
    'people are asked',
    'unasked',
    ...catches.map((refused) => `happens where people refuse ${refused} %`),
  ]
  return grid([head, ...harmful.map(harmRow)])
    .split('\n')
    .map((line) => line.slice(2))
}

function harmRow({ what, flowed, calls, denied }: Judged): readonly string[] {
  const asked = calls.length - flowed.length - denied
  const share = (count: number) => `${((count / calls.length) * 100).toFixed(0)} %`
  const harm = catches.map((refused) => share(flowed.length + asked * (1 - refused / 100)))
  return [`${calls.length} ${what}`, share(denied), share(asked), share(flowed.length), ...harm]
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
