import { startBare } from '../ceilings/bare.ts'
import { signatureCost } from '../ceilings/signature.ts'
import type { Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { type Agent, reading, readingWithGrant } from '../load/agent.ts'
import { atOnce, type Done, perSecond, surprisesIn, type Work } from '../load/atOnce.ts'
import { costOf, costText, joined, type Stretch, stretch } from '../load/stretch.ts'
import { shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import type { Tally } from '../soak/tally.ts'
import { openWorld } from '../world/world.ts'

/** They take turns, so that what else the machine does at a moment meets all of them. */
const rounds = 3

const names = ['bare', 'product', 'granted'] as const

/** Names of each agent: one alone may ask 20 times a second (docs/api.md), and that is not what is measured. */
export const namesEach = 8

export const allowed: Figure = async ({ options, closers, stopping, say }) => {
  say('starting the product, its agents and the bare route')
  const world = await openWorld({ closers, again: true })
  const agents = await world.addAgents(options.agents * namesEach)
  const bare = await startBare(closers, world.database.url)
  const surprises: Tally = new Map()
  const parts = { ...world.parts, bare: () => [bare.pid] }
  const run = (width: number, ms: number, work: Work) =>
    stretch(parts, () => atOnce({ width, until: { ms }, surprises, stopping }, work))
  const works = {
    bare: bare.insert(reading),
    product: asking(agents, options.agents),
    granted: asking(agents, options.agents, { withGrant: true }),
  }
  const measure = async (width: number, ms: number) => {
    const taken = { bare: [] as Stretch[], product: [] as Stretch[], granted: [] as Stretch[] }
    for (let round = 0; round < rounds; round += 1)
      for (const name of names) taken[name].push(await run(width, ms / rounds, works[name]))
    return {
      bare: joined(taken.bare),
      product: joined(taken.product),
      granted: joined(taken.granted),
    }
  }
  say('warming up')
  await measure(options.agents, options.seconds * 750)
  say('one agent')
  const one = await measure(1, (options.seconds * 1_000) / 2)
  say(`${options.agents} agents at once`)
  const many = await measure(options.agents, options.seconds * 2_000)
  const signature = await signatureCost()
  await world.close()
  return {
    title: `allowed: an action that policy allows, ${options.agents} agents at once`,
    lines: [...linesOf(one, many, options.agents), grantLine(many, options.agents, signature)],
    notes: [
      shareText('bare route', many.bare.spent),
      shareText('product', many.product.spent),
      costText('product', many.product, ['server', 'database']),
      costText('with a grant', many.granted, ['server', 'database']),
      costText('bare route', many.bare, ['bare', 'database']),
      ...surprisesIn(surprises),
    ],
  }
}

/** Each loop asks in turn by its own names. */
export function asking(agents: readonly Agent[], loops: number, { withGrant = false } = {}): Work {
  const body = withGrant ? readingWithGrant : reading
  const turns = new Array<number>(loops).fill(0)
  return async (_, loop) => {
    const turn = turns[loop] ?? 0
    turns[loop] = turn + 1
    const answer = await agents[loop + (turn % Math.floor(agents.length / loops)) * loops]?.ask(body)
    return answer?.status === 201 && answer.state === 'approved' && answer.granted === withGrant
      ? undefined
      : `the answer to an allowed action was ${answer?.status} ${answer?.state}`
  }
}

type Measured = Readonly<Record<(typeof names)[number], Stretch>>

function linesOf(one: Measured, many: Measured, agents: number): readonly Line[] {
  const beside = (what: string, at: Measured, of: (done: Done) => number): Line => ({
    what,
    unit: 'ms',
    measured: of(at.product.done),
    ceiling: { is: 'bare route', value: of(at.bare.done) },
  })
  return [
    {
      what: `${agents} agents, throughput`,
      unit: 'a second',
      measured: perSecond(many.product.done),
      ceiling: { is: 'bare route', value: perSecond(many.bare.done) },
      target: { bound: 'at least', value: 0.5, of: 'ceiling' },
    },
    {
      what: `${agents} agents, processor time of each`,
      unit: 'ms',
      measured: costOf(many.product, 'server', 'database'),
      ceiling: { is: 'bare route', value: costOf(many.bare, 'bare', 'database') },
      target: { bound: 'at most', value: 2, of: 'ceiling' },
    },
    beside(`${agents} agents, p50`, many, ({ took }) => percentiles(took).p50),
    beside(`${agents} agents, p99`, many, ({ took }) => percentiles(took).p99),
    beside('1 agent, p50', one, ({ took }) => percentiles(took).p50),
    beside('1 agent, p99', one, ({ took }) => percentiles(took).p99),
  ]
}

function grantLine({ bare, granted }: Measured, agents: number, signature: number): Line {
  return {
    what: `${agents} agents, with a grant in the answer, processor time of each`,
    unit: 'ms',
    measured: costOf(granted, 'server', 'database'),
    ceiling: {
      is: `the bare route twice and one signature (${signature.toFixed(2)} ms)`,
      value: 2 * costOf(bare, 'bare', 'database') + signature,
    },
    target: { bound: 'at most', value: 1, of: 'ceiling' },
  }
}
