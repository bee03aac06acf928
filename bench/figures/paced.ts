import type { Bench } from '../figure.ts'
import type { Line } from '../line.ts'
import { atOnce, perSecond } from '../load/atOnce.ts'
import { cycleInOneConversation, type Releases } from '../load/cycle.ts'
import { percentiles } from '../samples.ts'
import type { Tally } from '../soak/tally.ts'
import { openWorld } from '../world/world.ts'

/** Messages a second that Slack takes in one conversation. */
const slackPace = 1

/** The whole cycle where Slack's own limits hold and every card goes to one conversation. */
export async function pacedLines(bench: Bench, surprises: Tally): Promise<readonly Line[]> {
  const { options, closers, stopping } = bench
  const world = await openWorld({ closers, pace: 'Slack’s' })
  const agents = await world.addAgents(options.agents)
  const releases: Releases = []
  const count = Math.max(8, options.seconds * 4)
  const load = { width: options.agents, until: { count }, surprises, stopping }
  const done = await atOnce(load, cycleInOneConversation({ company: world.company, agents }, releases))
  await world.close()
  return [
    {
      what: 'at Slack’s pace in one conversation, throughput',
      unit: 'a second',
      measured: perSecond(done),
      ceiling: { is: 'Slack’s pace', value: slackPace },
    },
    {
      what: 'at Slack’s pace in one conversation, click to hear, p50',
      unit: 'ms',
      measured: percentiles(releases).p50,
    },
  ]
}
