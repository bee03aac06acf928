import { setTimeout as delay } from 'node:timers/promises'
import type { Click } from '../evidence.ts'
import type { Random } from '../random.ts'
import { count, type Tally } from '../tally.ts'
import { samePerson } from '../world/agents.ts'
import type { Company, Posted } from '../world/company.ts'
import { type AskedOfPeople, asking, flashSeconds, isAskedOfPeople } from '../world/policy.ts'
import type { Replica } from '../world/replica.ts'
import type { Hands, Press } from './clicking.ts'
import { buttonsIn, cardOf, messageAt } from './workspace.ts'

/** What becomes of a request that people are asked about, and how often beside each other. */
const fates = {
  approve: 26,
  deny: 10,
  /** Right after the message appears. */
  fast: 12,
  /** Whoever it is for tries first; then others approve. */
  'own first': 8,
  /** Somebody who is not asked tries first. */
  'outsider first': 6,
  /** The same delivery, again and at the other replica. */
  twice: 8,
  /** Two at the same moment at both replicas. */
  race: 8,
  /** Approve and deny at the same moment. */
  'approve and deny': 7,
  /** A click that travels until after the deadline. */
  late: 5,
  /** Somebody asks for changes, and the agent has a while to revise it; then others approve what is left to approve. */
  changes: 10,
  /** Nobody does anything. */
  nobody: 10,
} as const

type Fate = keyof typeof fates

/** Everybody who sits in a channel and is asked for nothing: a guest, and a colleague. */
const outsiders = ['U0GWEN', 'U0LEE'] as const

export interface People {
  busy(): number
  /** The load is over: whoever has tried often enough gives up now. */
  rest(): void
  /** Resolves when nobody has anything left to do. */
  settled(): Promise<void>
}

interface World {
  readonly company: Company
  readonly hands: Hands
  readonly replicas: readonly [Replica, Replica]
  readonly random: Random
  readonly tally: Tally
  readonly stopping: AbortSignal
  readonly fault: (error: unknown) => void
}

interface Acting extends World {
  readonly resting: { readonly is: boolean }
}

/** A request as people see it: on its card. */
interface Seen {
  readonly id: string
  readonly kind: AskedOfPeople
  /** Whoever may decide, by leg: those that the rule asks, without whoever is behind it. */
  readonly may: readonly (readonly string[])[]
  readonly initiator: string
  readonly posted: Posted
}

/** People act on every request whose card appears; each request has one fate, drawn when its first card stands there. */
export function startPeople(world: World): People {
  const known = new Set<string>()
  const busy = new Set<Promise<void>>()
  const resting = { is: false }
  world.company.onPosted((posted) => {
    const seen = read(world.company, posted)
    if (!seen || known.has(seen.id) || world.stopping.aborted) return
    known.add(seen.id)
    const fate = fateOf(world.random, seen)
    count(world.tally, `fate: ${fate}`)
    const life = fulfil({ ...world, resting }, seen, fate).catch(world.fault)
    busy.add(life)
    void life.finally(() => busy.delete(life))
  })
  return {
    busy: () => busy.size,
    rest() {
      resting.is = true
    },
    async settled() {
      while (busy.size > 0 && !world.stopping.aborted) await Promise.race([...busy, delay(1_000)])
    },
  }
}

function fateOf(random: Random, { kind }: Seen): Fate {
  const drawn = random.weighted<Fate>(fates)
  if (kind === 'flash') return random.chance(0.5) ? 'late' : drawn
  return drawn === 'late' ? 'approve' : drawn
}

/** What a card says: which request, what for, and for whom. */
function read(company: Company, posted: Posted): Seen | null {
  if (posted.conversation.startsWith('D')) return null // whoever it was sent to finds it when they come by
  const message = messageAt(company.slack, posted)
  const [button] = message ? buttonsIn(message) : []
  const [, kind = '', name = ''] = /soak\.(\w+) on thing (\w+)\./.exec(message?.text ?? '') ?? []
  if (!button || !isAskedOfPeople(kind)) return null
  const initiator = `U0${name.toUpperCase()}`
  const behind: readonly string[] = initiator === samePerson[0] ? samePerson : [initiator]
  const may = asking[kind].legs.map((leg) => leg.filter((one) => !behind.includes(one)))
  return { id: button.request, kind, may, initiator, posted }
}

async function fulfil(world: Acting, seen: Seen, fate: Fate): Promise<void> {
  const { hands, random } = world
  const able = random.shuffled([...new Set(seen.may.flat())])
  const [one] = able
  if (!one) return
  const other = able[1] ?? one
  const at = seen.posted
  const press = (by: string, how: Fate | 'again', more: Partial<Press> = {}) =>
    hands.press({
      ...{ by, request: seen.id, at: place(world, seen, at), deed: 'approve', how },
      ...{ to: carrier(world), ...more },
    })
  if (fate === 'nobody') return
  if (fate === 'late') return late(world, seen, one)
  if (fate === 'fast') await press(one, 'fast', { at, fast: at.answered })
  else await delay(random.between(300, 5_000))
  if (fate === 'own first') await press(seen.initiator, fate)
  if (fate === 'outsider first') await press(random.pick(outsiders), fate)
  if (fate === 'changes') {
    await press(one, fate, { deed: 'ask for changes' })
    await delay(random.between(4_000, 12_000))
  }
  if (fate === 'twice') await twice(world, await press(one, fate))
  if (fate === 'race') await inBoth(world, (to) => press(to.name === 'a' ? one : other, fate, { to }))
  if (fate === 'approve and deny')
    await inBoth(world, (to) =>
      to.name === 'a' ? press(one, fate, { to }) : press(other, fate, { to, deed: 'deny' }),
    )
  await finish(world, seen, fate === 'deny' ? 'deny' : 'approve')
}

/** Whatever stands before the replicas sends most of what comes to one that is up. */
function carrier({ random, replicas }: World): Replica {
  const [up, ...more] = replicas.filter((one) => one.isUp())
  return up && random.chance(0.9) ? random.pick([up, ...more]) : random.pick(replicas)
}

async function inBoth(world: World, act: (to: Replica) => Promise<unknown>): Promise<void> {
  await Promise.all(world.random.shuffled(world.replicas).map(act))
}

/** Slack's own habit when an acknowledgement comes late, and anybody's who has recorded one. */
async function twice({ hands, replicas, random }: World, click: Click | null): Promise<void> {
  if (!click) return
  await Promise.all(replicas.map((replica) => hands.again(click, replica)))
  await delay(random.between(500, 3_000))
  await hands.again(click, random.pick(replicas))
}

/** Pressed while it could be, carried when it is over. */
async function late(world: World, seen: Seen, by: string): Promise<void> {
  const { hands, random } = world
  await delay(random.between(300, 2_000))
  const to = carrier(world)
  const send = hands.compose({
    ...{ by, request: seen.id, at: place(world, seen, seen.posted), deed: 'approve', how: 'late', to },
  })
  if (!send) return
  await delay(random.between(flashSeconds - 4, flashSeconds + 5) * 1_000)
  await send()
}

/** Where the card stands now: it may have been posted again. */
function place({ company }: World, seen: Seen, at: Posted): Press['at'] {
  const { conversation } = at
  const ts = cardOf(company.slack, conversation, seen.id)?.ts ?? at.ts
  return { conversation, ts }
}

/** How often people come back to a card that still asks; in the quiet after the load a few times are enough. */
const patience = { storm: 14, rest: 3 } as const

/** Whoever is asked comes by, one after the other, as long as a card asks; as people do who see that nothing happened. */
async function finish(world: Acting, seen: Seen, deed: 'approve' | 'deny'): Promise<void> {
  const { hands, random, company, stopping } = world
  let last: Click | null = null
  for (let tries = 0, left: number = patience.storm; left > 0 && !stopping.aborted; tries += 1) {
    left = Math.min(left - 1, world.resting.is ? patience.rest : left)
    const leg = seen.may[tries % seen.may.length] ?? []
    const [by] = random.shuffled(leg)
    const own = by?.replace(/^U/, 'D') ?? ''
    const sent = cardOf(company.slack, own, seen.id) !== null && random.chance(0.5)
    const conversation = sent ? own : random.pick<string>(asking[seen.kind].conversations)
    const card = cardOf(company.slack, conversation, seen.id)
    // Whoever reads that it is over believes it, whatever the card still shows.
    if (last?.told.some((text) => /no longer possible/i.test(text))) return
    if (card && by) {
      last = await hands.press({
        ...{ by, request: seen.id, at: { conversation, ts: card.ts }, deed },
        ...{ how: tries === 0 ? deed : `${deed}, again`, to: carrier(world) },
      })
    }
    // Nobody asks any more: it is over, or its card is on its way.
    if (!card && tries > 4) return
    await delay(random.between(1_500, 4_000))
  }
}
