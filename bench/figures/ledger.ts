import type { Bench, Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { arriving } from '../load/arriving.ts'
import { surprisesIn } from '../load/atOnce.ts'
import { costOf, costText } from '../load/stretch.ts'
import { meter, shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import type { Tally } from '../soak/tally.ts'
import { fillLedger } from '../world/fillLedger.ts'
import { type Sealing, watchSealing } from '../world/sealing.ts'
import { beside } from '../world/server.ts'
import { openWorld, type World } from '../world/world.ts'
import { asking, namesEach } from './allowed.ts'
import { sealedInBulk } from './ledger/bulk.ts'
import { costOfSealing, type Paired } from './ledger/costOfSealing.ts'
import { exported } from './ledger/exported.ts'
import { verified } from './ledger/verified.ts'
import { askTemplates } from './stored.ts'

/** Entries that arrive a second. */
const arrivals = 1_500

/** Milliseconds for what is to be sealed before something is measured. */
const patience = 60_000

/** So many agents whose requests are copied. */
const templateAgents = 20

export const ledger: Figure = async (bench) => {
  const { options, closers, stopping, say } = bench
  say('starting the product and its agents')
  const world = await openWorld({ closers, again: true })
  const agents = await world.addAgents(options.agents * namesEach)
  const sealing = await watchSealing(world.database.url)
  closers.add('the watch of the sealer', () => sealing.close())
  const surprises: Tally = new Map()
  say(`${options.agents} agents at once, with sealing and without in turn`)
  const paired = await costOfSealing(bench, {
    ...{ parts: world.parts, sealing, surprises },
    work: asking(agents, options.agents),
  })
  const arrived = await withArrivals(bench, { world, sealing, surprises })
  stopping.throwIfAborted()
  const templates = await askTemplates(world, agents.slice(0, templateAgents))
  say(`recording ${options.entries} entries`)
  await sealing.drained(patience)
  const release = await sealing.hold()
  const { entries, bytes } = await fillLedger(
    { databaseUrl: world.database.url, count: options.entries, stopping },
    templates.map(({ id }) => id),
  )
  stopping.throwIfAborted()
  const bulk = await sealedInBulk(bench, { world, sealing, release })
  const whole = await verified(bench, { world, entries, bytes })
  const pack = await exported(bench, { world, bytes, request: templates[0]?.id ?? '' })
  await sealing.close()
  await world.close()
  return {
    title: `ledger: ${entries} entries, ${(bytes / 1e6).toFixed(0)} MB to hash`,
    lines: [...bulk.lines, arrived.line, ...whole.lines, ...pack.lines, ...pairedLines(paired)],
    notes: [
      ...bulk.notes,
      ...arrived.notes,
      ...whole.notes,
      ...pack.notes,
      ...pairedNotes(paired),
      ...surprisesIn(surprises),
    ],
  }
}

interface With {
  readonly world: World
  readonly sealing: Sealing
  readonly surprises: Tally
}

/** How long an entry waits while others arrive as fast as is to be reached. */
async function withArrivals({ options, stopping, say }: Bench, { world, ...by }: With) {
  say(`${arrivals} entries a second arrive`)
  await by.sealing.drained(patience)
  const spent = meter(world.parts)
  const { took, perSecond } = await beside(world, ({ store }) =>
    arriving({
      ...{ ...by, store, stopping, perSecond: arrivals, ms: options.seconds * 1_000 },
      databaseUrl: world.database.url,
    }),
  )
  const { p50, p99, worst } = percentiles(took)
  const line: Line = {
    what: `sealed, while ${arrivals} entries a second arrive, p99`,
    unit: 'ms',
    // Of fewer it says nothing.
    measured: perSecond < arrivals * 0.95 ? `only ${perSecond.toFixed(0)} a second arrived` : p99,
    target: { bound: 'at most', value: 1_000, of: 'measured' },
  }
  const notes = [
    shareText('entries that arrive', spent()),
    `entries that arrived: ${perSecond.toFixed(0)} a second; sealed after ${p50.toFixed(0)} ms, p50; the slowest after ${worst.toFixed(0)} ms`,
  ]
  return { line, notes }
}

function pairedLines({ sealed, unsealed }: Paired): readonly Line[] {
  const cost = (of: Paired['sealed']) => costOf(of, 'server', 'database')
  return [
    {
      what: 'an allowed action, processor time of each',
      unit: 'ms',
      measured: cost(sealed),
      ceiling: { is: 'without sealing', value: cost(unsealed) },
      target: { bound: 'at most', value: 1.1, of: 'ceiling' },
    },
    {
      what: 'an allowed action, p50',
      unit: 'ms',
      measured: percentiles(sealed.done.took).p50,
      ceiling: { is: 'without sealing', value: percentiles(unsealed.done.took).p50 },
      target: { bound: 'at most', value: 1.1, of: 'ceiling' },
    },
  ]
}

function pairedNotes({ sealed, unsealed }: Paired): readonly string[] {
  return [
    shareText('with sealing', sealed.spent),
    shareText('without sealing', unsealed.spent),
    costText('with sealing', sealed, ['server', 'database']),
    costText('without sealing', unsealed, ['server', 'database']),
  ]
}
