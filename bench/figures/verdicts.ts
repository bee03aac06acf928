import { setImmediate as breath } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { meter, shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import { asks, differentConditions, evaluate, load, rulesFor, worstCondition } from './verdictBundles.ts'

const bundles = [
  ['1 rule, 1 action', rulesFor(1, 1), 1],
  ['50 rules, 50 actions', rulesFor(50, 50), 50],
  ['500 rules, 50 actions', rulesFor(500, 50), 50],
  ['500 rules, 50 actions, none alike', rulesFor(500, 50, differentConditions), 50],
  ['200 rules on 1 action (the limit)', rulesFor(200, 1), 1],
] as const

export const verdicts: Figure = async ({ options, stopping, say }) => {
  const spent = meter({})
  const lines: Line[] = []
  for (const [name, files, actions] of bundles) {
    say(name)
    lines.push(...verdictsOf(name, files, actions, options.seconds * 250))
    await breath() // Ctrl-C is heard
    stopping.throwIfAborted()
  }
  return {
    title: 'verdicts: how fast policy decides',
    lines: [
      ...lines,
      { what: 'load and check 500 rules', unit: 'ms', measured: timeToLoad() },
      { what: 'the worst permitted condition, p50', unit: 'ms', measured: worst() },
    ],
    notes: [shareText('policy', spent())],
  }
}

function verdictsOf(name: string, files: ReadonlyMap<string, string>, actions: number, ms: number) {
  const bundle = load(files)
  const all = asks(actions)
  for (const ask of all) evaluate(bundle, ask) // warm
  const took: number[] = []
  const began = performance.now()
  for (let n = 0; performance.now() - began < ms; n += 1) {
    const ask = all[n % all.length]
    if (!ask) break
    const before = process.hrtime.bigint()
    evaluate(bundle, ask)
    took.push(Number(process.hrtime.bigint() - before) / 1_000)
  }
  const total = performance.now() - began
  const { p50, p99 } = percentiles(took)
  return [
    { what: name, unit: 'a second', measured: (took.length / total) * 1_000 },
    { what: `${name}, p50`, unit: 'µs', measured: p50 },
    { what: `${name}, p99`, unit: 'µs', measured: p99 },
  ] as const satisfies readonly Line[]
}

/** The second time: the first also compiles this code. */
function timeToLoad(): number {
  const files = rulesFor(500, 50)
  load(files)
  const began = performance.now()
  load(files)
  return performance.now() - began
}

function worst(): number {
  const { bundle, ask } = worstCondition()
  const took = Array.from({ length: 20 }, () => {
    const before = performance.now()
    evaluate(bundle, ask)
    return performance.now() - before
  })
  return percentiles(took).p50
}
