import { setTimeout as delay } from 'node:timers/promises'
import type { Closers } from '../../src/lifetime/closers.ts'
import type { Evidence } from './evidence.ts'
import { planOf } from './faults/plan.ts'
import { strikeBy } from './faults/strike.ts'
import { hurry, recordIn, sealed, unfinished } from './gather.ts'
import { judge } from './laws.ts'
import { ledgerIn } from './ledgerSeen.ts'
import { createAsking } from './load/asking.ts'
import { createHands } from './load/clicking.ts'
import { startPeople } from './load/people.ts'
import { everyMessage } from './load/workspace.ts'
import type { Options } from './options.ts'
import { didTable, progress, verdict } from './print.ts'
import { random } from './random.ts'
import type { Tally } from './tally.ts'
import { watch } from './watch.ts'
import { askedAt, readyAt } from './world/outside.ts'
import { openWorld, type World } from './world/world.ts'

export interface Running {
  readonly closers: Closers
  readonly stopping: AbortSignal
  readonly say: (text: string) => void
}

/** The storm, the quiet, and the judgement. True when nothing was found. */
export async function run(options: Options, running: Running): Promise<boolean> {
  const { say, closers } = running
  say('starting a database, a Slack and two servers')
  const world = await openWorld(closers, options)
  if (options.keep) say(`everything is kept in ${world.root}`)
  const storm = await weather(options, world, running)
  if (running.stopping.aborted) return false
  const evidence = await evidenceOf(world, storm)
  process.stdout.write(`\n${didTable(evidence, { did: storm.tally, slack: world.company.calls })}\n\n`)
  const { text, passed } = verdict(judge(evidence))
  process.stdout.write(`${text}\n`)
  return passed
}

type Storm = Awaited<ReturnType<typeof weather>>

/** The load and the faults, and then the quiet until everything is done. */
async function weather(options: Options, world: World, { stopping, say }: Running) {
  const { company, database, replicas, agents } = world
  const dice = (stream: string) => random(options.seed, stream)
  const tally: Tally = new Map()
  const ownFaults: string[] = []
  const fault = (error: unknown) =>
    void ownFaults.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const common = { replicas, tally, stopping, fault }
  const hands = createHands(company, tally)
  const people = startPeople({ ...common, company, hands, random: dice('people') })
  const asking = createAsking({ ...common, agents, rate: options.rate, random: dice('agents') })
  const watched = watch({ replicas, database, stopping })

  const loadBegan = Date.now()
  const until = loadBegan + options.minutes * 60_000
  const telling = setInterval(
    () =>
      say(progress({ tally, asked: asking.asks.length, clicks: hands.clicks.length, calls: company.calls })),
    10_000,
  )
  company.weather('bad')
  const stage = { ...common, company, database, random: dice('strikes'), say }
  const [trouble] = await Promise.all([
    strikeBy(planOf(options.minutes, dice('plan')), stage, { since: loadBegan, until }),
    asking.run(until),
  ]).finally(() => clearInterval(telling))
  company.weather('well')
  const loadEnded = Date.now()
  say('everything works again; waiting until what was begun is done')
  const finishing = setInterval(
    () => say(`${asking.underWay()} agents and ${people.busy()} people are not done yet`),
    10_000,
  )
  people.rest()
  await Promise.all([asking.settled(), people.settled()]).finally(() => clearInterval(finishing))
  await quiet(options, world, { stopping, say })
  await watched.stop()
  return { tally, asking, hands, trouble, ownFaults, loadBegan, loadEnded, samples: watched.samples }
}

/** Looks in a row that have to find nothing before it counts as quiet: a job may be about to make another one. */
const calmLooks = 3

/** Until nothing is left to be done, or for as long as was asked: then what is left is judged as it is. */
async function quiet(
  { patience, minutes }: Options,
  { database, replicas }: World,
  { stopping, say }: Omit<Running, 'closers'>,
): Promise<void> {
  const until = Date.now() + patience * 60_000
  let told = Date.now()
  for (let calm = 0; calm < calmLooks && !stopping.aborted; ) {
    if (minutes <= 2) await hurry(database)
    const left = [...(await unfinished(database)), ...(await unready(replicas))]
    calm = left.length === 0 ? calm + 1 : 0
    if (left.length > 0 && Date.now() - told > 10_000) {
      told = Date.now()
      say(`${left.length} things are left: ${left[0]}`)
    }
    if (Date.now() > until)
      return say(`${left.length} things are still not done; they are judged as they are`)
    await delay(700, undefined, { signal: stopping }).catch(() => {})
  }
}

/** What a replica says of itself that is not well yet: an anchor whose turn died with a server is missed until the turn is over. */
async function unready(replicas: World['replicas']): Promise<readonly string[]> {
  const said = await Promise.all(replicas.map(async ({ name, url }) => ({ name, ready: await readyAt(url) })))
  return said.filter(({ ready }) => ready !== '200 ready').map(({ name, ready }) => `${name} is ${ready}`)
}

async function evidenceOf(world: World, storm: Storm): Promise<Evidence> {
  const { replicas, company, agents } = world
  const credential = agents[0]?.credential ?? ''
  const atTheEnd = await Promise.all(
    replicas.map(async ({ name, url }) => ({
      replica: name,
      ready: await readyAt(url),
      asked: await askedAt(url, credential),
    })),
  )
  await sealed(world.database)
  return {
    ...(await recordIn(world.database)),
    ledger: await ledgerIn(world.database, world.anchors),
    promises: storm.asking.asks,
    clicks: storm.hands.clicks,
    messages: everyMessage(company.slack),
    servers: replicas.flatMap(({ lives }) => lives),
    samples: storm.samples,
    trouble: storm.trouble,
    ownFaults: storm.ownFaults,
    loadBegan: storm.loadBegan,
    loadEnded: storm.loadEnded,
    atTheEnd,
  }
}
