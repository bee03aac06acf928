import { startBare } from '../ceilings/bare.ts'
import { startRestate } from '../ceilings/restate.ts'
import { slackCallsCost } from '../ceilings/slackCalls.ts'
import type { Bench, Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { reading } from '../load/agent.ts'
import { atOnce, perSecond, surprisesIn, type Work } from '../load/atOnce.ts'
import { conversationsFor, cycle as cycleOf, type Releases } from '../load/cycle.ts'
import { costOf, costText, joined, type Stretch, stretch } from '../load/stretch.ts'
import { shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import type { Tally } from '../soak/tally.ts'
import { allCounted, type Counted, countedText, counting, settled } from '../world/settled.ts'
import { openWorld, type World } from '../world/world.ts'
import { pacedLines } from './paced.ts'

/** The three take turns, so that what else the machine does at a moment meets all of them. */
const rounds = 2

export const cycle: Figure = async (bench) => {
  const { options, closers, say } = bench
  const surprises: Tally = new Map()
  say('starting the product, its agents, the bare route and Restate')
  const world = await openWorld({ closers, again: true })
  const taken = await turns(bench, world, surprises)
  say('what Slack’s calls alone cost')
  const slackCalls = await slackCallsCost(closers, world.company)
  await world.close()
  say('the same at Slack’s pace in one conversation')
  const paced = await pacedLines(bench, surprises)
  return {
    title: `cycle: ask, card, click, hear, ${options.agents} agents at once`,
    lines: [...linesOf(taken, slackCalls, options.agents), ...paced],
    notes: [
      shareText('product', taken.product.spent),
      ...(typeof taken.restate === 'string' ? [taken.restate] : [shareText('Restate', taken.restate.spent)]),
      ...costTexts(taken, slackCalls),
      ...surprisesIn(surprises),
    ],
  }
}

interface Taken {
  readonly product: Stretch & { readonly counted: Counted }
  readonly releases: Releases
  readonly bare: Stretch
  readonly restate: Stretch | string
}

async function turns(bench: Bench, world: World, surprises: Tally): Promise<Taken> {
  const { options, closers, stopping, say } = bench
  const agents = await world.addAgents(options.agents)
  const bare = await startBare(closers, world.database.url)
  const restate = await startRestate(bench)
  const releases: Releases = []
  const parts = { ...world.parts, bare: () => [bare.pid], restate: restatePids(restate) }
  const once = cycleOf(
    { company: world.company, agents, conversationsEach: conversationsFor(options.agents) },
    releases,
  )
  const load = (ms: number) => ({ width: options.agents, until: { ms }, surprises, stopping })
  const plain = (ms: number, work: Work) => stretch(parts, () => atOnce(load(ms), work))
  const whole = async (ms: number) => {
    const count = await counting(world.server.url)
    // Cards are repainted after the agent has heard: that belongs to what a cycle costs, and not to how long it takes.
    const { done, spent } = await stretch(parts, async () => {
      const done = await atOnce(load(ms), once)
      await settled(world.server.url)
      return done
    })
    return { done, spent, counted: await count() }
  }
  say('warming up')
  await whole(options.seconds * 750)
  await plain(1_000, bare.insert(reading))
  if (typeof restate !== 'string') await plain(3_000, restate.cycle)
  releases.length = 0
  const product: Awaited<ReturnType<typeof whole>>[] = []
  const [route, other]: [Stretch[], Stretch[]] = [[], []]
  for (let round = 1; round <= rounds; round += 1) {
    say(`${options.agents} agents at once, ${round} of ${rounds}`)
    product.push(await whole((options.seconds * 1_500) / rounds))
    route.push(await plain((options.seconds * 500) / rounds, bare.insert(reading)))
    if (typeof restate !== 'string')
      other.push(await plain((options.seconds * 1_000) / rounds, restate.cycle))
  }
  return {
    product: { ...joined(product), counted: allCounted(product.map(({ counted }) => counted)) },
    releases,
    bare: joined(route),
    restate: typeof restate === 'string' ? restate : joined(other),
  }
}

const restatePids = (restate: Awaited<ReturnType<typeof startRestate>>) => () =>
  typeof restate === 'string' ? [] : restate.pids

function linesOf(taken: Taken, slackCalls: number | string, agents: number): readonly Line[] {
  const { product, restate, bare } = taken
  const { done, counted } = product
  const commits = counted.commits / done.count
  const each = costOf(product, 'server', 'database')
  const perCycle = (what: string, times: number): Line => ({
    what: `${what} of each`,
    unit: 'times',
    measured: times / done.count,
    // What surprised may have been posted and never counted as a cycle.
    target: { bound: 'at most', value: 1.02, of: 'measured' },
  })
  return [
    {
      what: `${agents} agents, throughput`,
      unit: 'a second',
      measured: perSecond(done),
      ceiling: { is: 'Restate', value: typeof restate === 'string' ? 'none' : perSecond(restate.done) },
      target: { bound: 'at least', value: 1, of: 'ceiling' },
    },
    {
      what: 'processor time without Slack’s calls, of each commit',
      unit: 'ms',
      measured: typeof slackCalls === 'string' ? slackCalls : (each - slackCalls) / commits,
      ceiling: { is: 'bare route', value: costOf(bare, 'bare', 'database') },
      target: { bound: 'at most', value: 2, of: 'ceiling' },
    },
    perCycle('postings', counted.calls.get('chat.postMessage') ?? 0),
    perCycle('updates', counted.calls.get('chat.update') ?? 0),
    { what: 'commits of each', unit: 'times', measured: commits },
    { what: `${agents} agents, ask to hear, p50`, unit: 'ms', measured: percentiles(done.took).p50 },
    { what: `${agents} agents, click to hear, p50`, unit: 'ms', measured: percentiles(taken.releases).p50 },
    { what: `${agents} agents, click to hear, p99`, unit: 'ms', measured: percentiles(taken.releases).p99 },
  ]
}

function costTexts({ product, restate, bare }: Taken, slackCalls: number | string): readonly string[] {
  return [
    costText('product', product, ['server', 'database']),
    countedText(product.counted, product.done.count),
    `one posting and one update alone: ${typeof slackCalls === 'string' ? slackCalls : `${slackCalls.toFixed(3)} ms`}`,
    costText('bare route', bare, ['bare', 'database']),
    ...(typeof restate === 'string' ? [] : [costText('Restate', restate, ['restate'])]),
  ]
}
