import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../figure.ts'
import { asking, namesEach } from '../figures/allowed.ts'
import type { Agent } from '../load/agent.ts'
import { atOnce, surprisesIn, type Work } from '../load/atOnce.ts'
import { conversationsFor, cycle } from '../load/cycle.ts'
import { costOf, type Stretch, stretch } from '../load/stretch.ts'
import { shareText } from '../machine/meter.ts'
import type { Tally } from '../soak/tally.ts'
import { grid } from '../table.ts'
import { countedText, counting, settled } from '../world/settled.ts'
import { openWorld, type World } from '../world/world.ts'
import { type CpuProfile, type Shares, sharesByKind, sharesByPlace, type Window } from './shares.ts'

/** Microseconds between two samples. */
const interval = 500

/** Places that are listed. */
const listed = 20

/** Where the processor time of an allowed action and of a cycle goes. */
export async function profile(bench: Bench): Promise<string> {
  const { options } = bench
  const allowed = await profiled(bench, 'an allowed action', ({ agents }) => asking(agents, options.agents))
  const whole = await profiled(bench, 'a whole cycle', ({ world: { company }, agents }) =>
    cycle({ company, agents, conversationsEach: conversationsFor(options.agents) }, []),
  )
  return `${allowed}\n${whole}`
}

interface Stage {
  readonly world: World
  readonly agents: readonly Agent[]
}

async function profiled(bench: Bench, what: string, workOn: (stage: Stage) => Work): Promise<string> {
  const { options, closers, stopping, say } = bench
  say(`${what}: starting`)
  const world = await openWorld({ closers, nodeArgs: profiling })
  const agents = await world.addAgents(options.agents * namesEach)
  const surprises: Tally = new Map()
  const work = workOn({ world, agents })
  const run = (ms: number) =>
    stretch(world.parts, async () => {
      const done = await atOnce({ width: options.agents, until: { ms }, surprises, stopping }, work)
      await settled(world.server.url)
      return done
    })
  say(`${what}: warming up`)
  await run(options.seconds * 750)
  say(`${what}: ${options.agents} agents at once`)
  const from = now()
  const count = await counting(world.server.url)
  const taken = await run(options.seconds * 1_000)
  const counted = await count()
  const between = { from, to: now() }
  await world.server.stop() // it writes its profile when it ends
  const text = textOf(what, taken, { profile: profileOf(world), between })
  await world.close()
  return `${text}\n${[countedText(counted, taken.done.count), shareText(what, taken.spent), ...surprisesIn(surprises)].map((note) => `  ${note}\n`).join('')}`
}

const directoryIn = (root: string) => join(root, 'profiles')

function profiling(root: string): readonly string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${directoryIn(root)}`, `--cpu-prof-interval=${interval}`]
}

/** Microseconds of the clock that the profile is written by. */
const now = () => Number(process.hrtime.bigint() / 1_000n)

function profileOf({ root, server }: World): CpuProfile {
  const directory = directoryIn(root)
  const file = readdirSync(directory).find((name) => name.includes(`.${server.pid}.`))
  if (!file) throw new Error('the server wrote no profile')
  return JSON.parse(readFileSync(join(directory, file), 'utf8'))
}

function textOf(
  what: string,
  taken: Stretch,
  { profile, between }: { readonly profile: CpuProfile; readonly between: Window },
): string {
  const server = costOf(taken, 'server')
  const database = costOf(taken, 'database')
  const head = (of: string): readonly string[] => [of, 'share', 'ms of each']
  const whole = ['the server, together', '100.0 %', server.toFixed(3)]
  const beside = ['the database’s processes', '', database.toFixed(3)]
  return [
    `profile: ${what}, ${taken.done.count} of them`,
    grid([head('by kind'), ...rowsOf(sharesByKind(profile, between), server), whole, beside]),
    '',
    grid([head('by package and room'), ...rowsOf(sharesByPlace(profile, between), server).slice(0, listed)]),
  ].join('\n')
}

function rowsOf(shares: Shares, cost: number): readonly (readonly string[])[] {
  const total = [...shares.values()].reduce((sum, one) => sum + one, 0)
  return [...shares]
    .sort(([, left], [, right]) => right - left)
    .map(([name, time]) => [
      name,
      `${((time / total) * 100).toFixed(1)} %`,
      ((time / total) * cost).toFixed(3),
    ])
}
