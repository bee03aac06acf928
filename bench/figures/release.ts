import { setTimeout as delay } from 'node:timers/promises'
import { startBare } from '../ceilings/bare.ts'
import type { Figure } from '../figure.ts'
import { type Agent, reading, releasing } from '../load/agent.ts'
import { atOnce, surprisesIn } from '../load/atOnce.ts'
import { cycle, type Releases } from '../load/cycle.ts'
import { meter, shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import { count, type Tally } from '../soak/tally.ts'
import type { Card, Company } from '../world/company.ts'
import { conversations } from '../world/policy.ts'
import { openWorld } from '../world/world.ts'

/** Clicks a second, and how many seconds of them. */
const clicking = { perSecond: 50, seconds: 6 } as const

/** Milliseconds in which Slack wants its answer. */
const slackPatience = 3_000

export const release: Figure = async ({ options, closers, stopping, say }) => {
  say('starting the product, an agent and the bare route')
  const world = await openWorld({ closers, again: true })
  const { company } = world
  const agents = await world.addAgents(20)
  const bare = await startBare(closers, world.database.url)
  const surprises: Tally = new Map()
  // Somebody reads before they click; the posting has long been noted by then.
  const look = () => delay(60)
  const releases: Releases = []
  const load = { width: 1, surprises, stopping }
  const once = cycle({ company, agents: agents.slice(0, 1), conversationsEach: 50, look }, releases)
  say('warming up')
  await atOnce({ ...load, until: { count: 40 } }, once)
  releases.length = 0
  say('click by click')
  const spent = meter(world.parts)
  await atOnce({ ...load, until: { ms: options.seconds * 1_500 } }, once)
  const share = spent()
  const ceiling = await atOnce({ ...load, until: { ms: options.seconds * 300 } }, bare.insert(reading))
  say(`${clicking.perSecond} clicks a second`)
  const acknowledged = await steadyClicks(company, agents, surprises)
  await world.close()
  const [released, route] = [percentiles(releases), percentiles(ceiling.took)]
  return {
    title: 'release: from the click to the agent that hears',
    lines: [
      {
        what: 'click to released agent, 1 agent, p50',
        unit: 'ms',
        measured: released.p50,
        ceiling: { is: 'bare route', value: route.p50 },
        target: { bound: 'at most', value: 5, of: 'measured' },
      },
      {
        what: 'click to released agent, 1 agent, p99',
        unit: 'ms',
        measured: released.p99,
        ceiling: { is: 'bare route', value: route.p99 },
      },
      {
        what: `acknowledged to Slack, ${clicking.perSecond} clicks a second, p50`,
        unit: 'ms',
        measured: acknowledged.p50,
      },
      {
        what: `acknowledged to Slack, ${clicking.perSecond} clicks a second, p99`,
        unit: 'ms',
        measured: acknowledged.p99,
        ceiling: { is: 'Slack’s patience', value: slackPatience },
        target: { bound: 'at most', value: 1, of: 'ceiling' },
      },
    ],
    notes: [
      `${released.count} releases, ${acknowledged.count} acknowledgements`,
      shareText('click by click', share),
      ...surprisesIn(surprises),
    ],
  }
}

/** Asks for enough, waits for the cards, then clicks at a steady pace. Milliseconds to each acknowledgement. */
async function steadyClicks(company: Company, agents: readonly Agent[], surprises: Tally) {
  const cards: Card[] = []
  for (let n = 0; n < clicking.perSecond * clicking.seconds; n += 1) {
    const shown = company.nextCard(n)
    // Another agent each time that a conversation's turn comes: what one asks again while it waits shares its card.
    const nth = n + Math.floor(n / conversations.length)
    await agents[nth % agents.length]?.ask(releasing(n % conversations.length))
    const card = await shown
    if (card) cards.push(card)
    else count(surprises, 'no card stood there in time')
  }
  await delay(500)
  const began = performance.now()
  const took = await Promise.all(
    cards.map(async (card, n) => {
      await delay(Math.max(0, began + (n * 1_000) / clicking.perSecond - performance.now()))
      const seen = await company.approve(card)
      if (!seen.ok) count(surprises, `Slack said ${seen.error}`)
      return seen.ackMs ?? Number.NaN
    }),
  )
  return percentiles(took.filter(Number.isFinite))
}
