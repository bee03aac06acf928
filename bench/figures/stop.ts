import { setTimeout as delay } from 'node:timers/promises'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { notified } from '../ceilings/notified.ts'
import type { Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { type Agent, releasing } from '../load/agent.ts'
import { surprisesIn } from '../load/atOnce.ts'
import { wait } from '../load/cycle.ts'
import { percentiles } from '../samples.ts'
import { count, type Tally } from '../soak/tally.ts'
import type { Card, Company } from '../world/company.ts'
import { beside } from '../world/server.ts'
import { openWorld } from '../world/world.ts'

/** Milliseconds in which everybody who waits is to be told, of a hundred stops in ninety-nine. */
const told = 100

/** Agents that are stopped one after the other, while all of them wait; then as many at once. */
const rounds = ['each', 'all'] as const

export const stop: Figure = async ({ options, closers, stopping, say }) => {
  say('starting the product and its agents')
  const world = await openWorld({ closers, again: true })
  const surprises: Tally = new Map()
  const taken: Record<(typeof rounds)[number], Taken> = { each: noneYet(), all: noneYet() }
  await beside(world, async (ports) => {
    const commit = (what: Parameters<typeof makeStop>[1]['what']) =>
      makeStop(ports, { what, reason: 'measured', by: { kind: 'system', id: 'operator', via: 'cli' } })
    for (const round of rounds) {
      const agents = await world.addAgents(options.agents)
      say(`${agents.length} agents wait`)
      const waiting: Waiting[] = []
      for (const [nth, agent] of agents.entries())
        waiting.push(await asked(world.company, agent, { nth, surprises }))
      await delay(500) // every posting is noted by then
      say(round === 'each' ? 'one is stopped after the other' : 'all are stopped at once')
      if (round === 'all') await timed(taken.all, waiting, () => commit({ kind: 'everything' }))
      else
        for (const [nth, one] of waiting.entries()) {
          if (stopping.aborted) return
          await timed(taken.each, [one], () => commit({ kind: 'agent', agent: `bench-${nth + 1}` }))
        }
    }
  })
  const ceiling = await notified(world.database.url)
  await world.close()
  return {
    title: `stop: from the command of a stop to those who wait, ${options.agents} of them`,
    lines: [
      ...linesOf('one agent stopped', taken.each, ceiling.p99),
      ...linesOf('everything stopped at once', taken.all, ceiling.p99),
    ],
    notes: [
      `${taken.each.agents.length + taken.all.agents.length} agents were told`,
      ...surprisesIn(surprises),
    ],
  }
}

/** Milliseconds from the command, its commit included. */
interface Taken {
  readonly agents: number[]
  readonly cards: number[]
}

const noneYet = (): Taken => ({ agents: [], cards: [] })

/** A call that waits for people, and the card that asks them. */
interface Waiting {
  readonly heard: Promise<unknown>
  readonly changed: () => Promise<void>
}

async function asked(
  company: Company,
  agent: Agent,
  { nth, surprises }: { readonly nth: number; readonly surprises: Tally },
): Promise<Waiting> {
  const shown = company.nextCard(nth)
  const heard = agent.ask(releasing(nth), wait)
  const card = await shown
  if (!card) count(surprises, 'no card stood there in time')
  return { heard, changed: () => (card ? changeOf(company, card) : Promise.resolve()) }
}

/** Resolves when the card has become another than it is now. */
function changeOf({ slack: { workspace } }: Company, { conversation, ts }: Card): Promise<void> {
  const drawn = () =>
    JSON.stringify(workspace.messages.get(conversation)?.find((message) => message.ts === ts)?.blocks)
  const before = drawn()
  return new Promise((resolve) => {
    const end = workspace.onChange(() => {
      if (drawn() === before) return
      end()
      resolve()
    })
  })
}

async function timed(taken: Taken, waiting: readonly Waiting[], act: () => Promise<unknown>): Promise<void> {
  const changes = waiting.map(({ changed }) => changed())
  const began = performance.now()
  const note = (into: number[]) => () => void into.push(performance.now() - began)
  await Promise.all([
    act(),
    ...waiting.map(({ heard }) => heard.then(note(taken.agents))),
    ...changes.map((change) => change.then(note(taken.cards))),
  ])
}

function linesOf(what: string, { agents, cards }: Taken, ceiling: number): readonly Line[] {
  const line = (who: string, took: readonly number[]): Line => ({
    what: `${what}, ${who} told, p99`,
    unit: 'ms',
    measured: percentiles(took).p99,
    ceiling: { is: 'NOTIFY from session to session, p99', value: ceiling },
    target: { bound: 'at most', value: told, of: 'measured' },
  })
  return [line('waiting agents', agents), line('cards', cards)]
}
