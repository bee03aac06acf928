import { startBare } from '../ceilings/bare.ts'
import type { Bench, Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { reading } from '../load/agent.ts'
import { atOnce, perSecond, surprisesIn } from '../load/atOnce.ts'
import { conversationsFor } from '../load/cycle.ts'
import { lifecycle as lifecycleOf } from '../load/lifecycle.ts'
import { costText, type Stretch, stretch } from '../load/stretch.ts'
import { shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import type { Tally } from '../soak/tally.ts'
import { type Counted, countedText, counting, settled } from '../world/settled.ts'
import { openWorld, type World } from '../world/world.ts'

/** How many agents at once. */
const widths = [1, 10, 50] as const

export const lifecycle: Figure = async (bench) => {
  const { closers, say } = bench
  const surprises: Tally = new Map()
  say('starting the product, its agents and the bare route')
  const world = await openWorld({ closers, again: true })
  const bare = await startBare(closers, world.database.url)
  const parts = { ...world.parts, bare: () => [bare.pid] }
  const lines: Line[] = []
  const notes: string[] = []
  for (const width of widths) {
    const { product, counted } = await measured(bench, { world, parts, width, surprises })
    const ceiling = await stretch(parts, () =>
      atOnce(loadOf(bench, { width, ms: bench.options.seconds * 500, surprises }), bare.insert(reading)),
    )
    lines.push(...linesOf({ width, product, counted, ceiling }))
    notes.push(
      shareText(`${width} agents`, product.spent),
      costText(`${width} agents`, product, ['server', 'database']),
      countedText(counted, product.done.count),
    )
  }
  await world.close()
  return {
    title: 'lifecycle: ask, card, click, grant, redeem, report',
    lines,
    notes: [...notes, ...surprisesIn(surprises)],
  }
}

interface Measuring {
  readonly world: World
  readonly parts: Parameters<typeof stretch>[0]
  readonly width: number
  readonly surprises: Tally
}

const loadOf = (
  { stopping }: Bench,
  { width, ms, surprises }: { readonly width: number; readonly ms: number; readonly surprises: Tally },
) => ({ width, until: { ms }, surprises, stopping })

async function measured(
  bench: Bench,
  { world, parts, width, surprises }: Measuring,
): Promise<{ readonly product: Stretch; readonly counted: Counted }> {
  const { options, say } = bench
  const agents = await world.addAgents(width)
  const once = lifecycleOf({ company: world.company, agents, conversationsEach: conversationsFor(width) })
  const run = (ms: number) => atOnce(loadOf(bench, { width, ms, surprises }), once)
  say(`${width} agents at once, warming up`)
  await run(options.seconds * 400)
  await settled(world.server.url)
  say(`${width} agents at once`)
  const count = await counting(world.server.url)
  const product = await stretch(parts, async () => {
    const done = await run(options.seconds * 1_000)
    await settled(world.server.url)
    return done
  })
  return { product, counted: await count() }
}

function linesOf(of: {
  readonly width: number
  readonly product: Stretch
  readonly counted: Counted
  readonly ceiling: Stretch
}): readonly Line[] {
  const { width, product, counted, ceiling } = of
  const { p50, p99 } = percentiles(product.done.took)
  const commits = counted.commits / product.done.count
  const agents = width === 1 ? '1 agent' : `${width} agents`
  return [
    {
      what: `${agents}, lifecycles`,
      unit: 'a second',
      measured: perSecond(product.done),
      ceiling: { is: 'a bare insert for each commit', value: perSecond(ceiling.done) / commits },
      ...(width === 50 && { target: { bound: 'at least', value: 0.5, of: 'ceiling' } as const }),
    },
    { what: `${agents}, ask to report, p50`, unit: 'ms', measured: p50 },
    { what: `${agents}, ask to report, p99`, unit: 'ms', measured: p99 },
    { what: `${agents}, commits of each`, unit: 'times', measured: commits },
  ]
}
