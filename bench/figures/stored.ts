import { setTimeout as delay } from 'node:timers/promises'
import { entriesOf } from '../entriesOf.ts'
import type { Bench, Figure } from '../figure.ts'
import type { Line } from '../line.ts'
import { type Agent, reading, releasing } from '../load/agent.ts'
import { atOnce, surprisesIn, type Work } from '../load/atOnce.ts'
import { cycle } from '../load/cycle.ts'
import { meter, shareText } from '../machine/meter.ts'
import { percentiles } from '../samples.ts'
import type { Tally } from '../soak/tally.ts'
import { copyId, fill, templateOf } from '../world/fill.ts'
import { openWorld, type World } from '../world/world.ts'

const few = 1_000

/** Milliseconds that somebody waits for a list. */
const listPatience = 30_000

/** So many agents share what is stored among them. */
const agentCount = 20

/** Looks at each, in turn: what else the machine does at a moment meets both, and both are equally warm. */
const rounds = 3

export const stored: Figure = async (bench) => {
  const { options, stopping, say } = bench
  const surprises: Tally = new Map()
  const [small, large] = [await opened(bench, few), await opened(bench, options.stored)]
  stopping.throwIfAborted()
  say('warming up')
  for (const one of [small, large]) await operations(bench, one, surprises)
  const taken: { readonly small: Taken; readonly large: Taken }[] = []
  const spent = meter({
    servers: () => [...small.world.parts.server(), ...large.world.parts.server()],
    databases: () => [...small.world.parts.database(), ...large.world.parts.database()],
  })
  for (let round = 1; round <= rounds; round += 1) {
    say(`submit, read, decide, list; ${round} of ${rounds}`)
    taken.push({
      small: await operations(bench, small, surprises),
      large: await operations(bench, large, surprises),
    })
  }
  const share = spent()
  for (const { world } of [small, large]) await world.close()
  const p50 = (what: Operation, of: 'small' | 'large') =>
    percentiles(taken.flatMap((round) => round[of][what])).p50
  return {
    title: `stored: with ${options.stored} stored requests, beside ${few}; one agent, p50`,
    lines: entriesOf(operationsSay).map(
      ([operation, what]): Line => ({
        what,
        unit: 'ms',
        measured: p50(operation, 'large'),
        ceiling: { is: `at ${few}`, value: p50(operation, 'small') },
        target: { bound: 'at most', value: 1.2, of: 'ceiling' },
      }),
    ),
    notes: [shareText('both', share), ...surprisesIn(surprises)],
  }
}

interface Filled {
  readonly world: World
  readonly agents: readonly Agent[]
  readonly templates: readonly Template[]
  readonly stored: number
}

/** The product with so many requests stored. */
async function opened({ closers, stopping, say }: Bench, count: number): Promise<Filled> {
  say(`starting the product, and storing ${count} requests`)
  const world = await openWorld({ closers, again: true })
  const agents = await world.addAgents(agentCount)
  const templates = await askTemplates(world, agents)
  await fill(
    { databaseUrl: world.database.url, count, stopping },
    templates.map(({ id }) => id),
  )
  return { world, agents, templates, stored: count }
}

export interface Template {
  readonly id: string
  readonly agent: Agent
}

/** Half of them allowed by policy, half by somebody; sorted by id, as they are numbered when they are copied. */
export async function askTemplates(
  { company }: World,
  agents: readonly Agent[],
): Promise<readonly Template[]> {
  const asked: Template[] = []
  for (const agent of agents) {
    asked.push({ id: (await agent.ask(reading)).id, agent })
    const { id } = await agent.ask(releasing(asked.length))
    const card = await company.cardOf(id)
    if (!card) throw new Error('no card stood there in time')
    await company.approve(card)
    const { state } = await agent.read(id, 55)
    if (state !== 'approved') throw new Error(`a request that is to be copied is ${state}`)
    asked.push({ id, agent })
  }
  return asked.sort((left, right) => (left.id < right.id ? -1 : 1))
}

const operationsSay = {
  submit: 'submit: an allowed action',
  read: 'read: one of what is stored',
  decide: 'decide: click to hear',
  listForWhoDecides: 'list: /approvals of who decides',
  listForWhoAsked: 'list: /approvals of who is behind all of it',
} as const

type Operation = keyof typeof operationsSay

/** Milliseconds that each took. */
type Taken = Readonly<Record<Operation, readonly number[]>>

/** Each of what an agent or a person does, for a while. */
async function operations(
  { options, stopping }: Bench,
  { world, agents, templates, stored }: Filled,
  surprises: Tally,
): Promise<Taken> {
  const { company } = world
  const releases: number[] = []
  const taking = async (work: Work) => {
    const load = { width: 1, until: { ms: options.seconds * 125 }, surprises, stopping }
    return (await atOnce(load, work)).took
  }
  const submit = await taking(async (n) => {
    const { state } = (await agents[n % agents.length]?.ask(reading)) ?? {}
    return state === 'approved' ? undefined : `the answer to an allowed action was ${state}`
  })
  const read = await taking(async () => {
    const copy = Math.floor(Math.random() * stored)
    const { id, state } =
      (await templates[templateOf(copy, templates.length)]?.agent.read(copyId(copy))) ?? {}
    return id === copyId(copy) ? undefined : `reading a stored request was answered ${state}`
  })
  await taking(cycle({ company, agents, conversationsEach: 100 }, releases))
  const listForWhoDecides = await taking(listing(world, 'U0SAM'))
  const listForWhoAsked = await taking(listing(world, 'U0ALICE'))
  return { submit, read, decide: releases, listForWhoDecides, listForWhoAsked }
}

/** Somebody types `/approvals`; over when the list stands before them. */
function listing({ company: { slack } }: World, member: string): Work {
  const shownTo = () => slack.workspace.ephemerals.get(member)?.at(-1)?.ts
  return async () => {
    const before = shownTo()
    const shown = new Promise<void>((resolve) => {
      const stop = slack.workspace.onChange(() => {
        if (shownTo() === before) return
        stop()
        resolve()
      })
    })
    const typed = await slack.act({
      act: 'command',
      as: member,
      conversation: 'C0GENERAL',
      text: '/approvals',
    })
    if (!typed.ok) return `Slack said ${typed.error} to /approvals`
    const late = delay(listPatience, 'no list stood there in time', { ref: false })
    return Promise.race([shown.then(() => undefined), late])
  }
}
