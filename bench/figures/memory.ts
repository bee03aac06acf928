import { setTimeout as delay } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { atOnce, surprisesIn } from '../load/atOnce.ts'
import { memoryOf } from '../machine/processes.ts'
import type { Tally } from '../soak/tally.ts'
import { openWorld, type World } from '../world/world.ts'
import { asking, namesEach } from './allowed.ts'

/** Milliseconds without work before a look: V8 clears away what nobody needs only when a process has had nothing to do for half a minute. */
const rest = 60_000

/** Milliseconds for the requests; the title says how many there were. */
const patience = 600_000

export const memory: Figure = async ({ options, closers, stopping, say }) => {
  say('starting, and resting')
  const world = await openWorld({ closers, again: true })
  const surprises: Tally = new Map()
  const before = await atRest(world, stopping)
  const agents = await world.addAgents(options.agents * namesEach)
  say(`${options.requests} requests`)
  const load = {
    width: options.agents,
    until: { count: options.requests, ms: patience },
    surprises,
    stopping,
  }
  const { count } = await atOnce(load, asking(agents, options.agents))
  const after = await atRest(world, stopping)
  await world.close()
  return {
    title: `memory: server and database at rest, and after ${count} requests`,
    lines: [
      {
        what: 'at rest',
        unit: 'MB',
        measured: before.server + before.database,
        target: { bound: 'under', value: 250, of: 'measured' },
      },
      {
        what: `after ${count} requests`,
        unit: 'MB',
        measured: after.server + after.database,
        ceiling: { is: 'at rest', value: before.server + before.database },
        target: { bound: 'at most', value: 1.3, of: 'ceiling' },
      },
    ],
    notes: [
      `at rest: server ${before.server.toFixed(0)} MB, database ${before.database.toFixed(0)} MB`,
      `afterwards: server ${after.server.toFixed(0)} MB, database ${after.database.toFixed(0)} MB`,
      ...surprisesIn(surprises),
    ],
  }
}

async function atRest({ parts }: World, stopping: AbortSignal) {
  await delay(rest, undefined, { signal: stopping })
  return { server: memoryOf(parts.server()), database: memoryOf(parts.database()) }
}
