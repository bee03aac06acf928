import { setTimeout as delay } from 'node:timers/promises'
import type { AskKind, AskRecord, Heard } from '../evidence.ts'
import type { Random } from '../random.ts'
import { count, type Tally } from '../tally.ts'
import { owner, type Registered, samePerson } from '../world/agents.ts'
import { flashSeconds } from '../world/policy.ts'
import type { Replica } from '../world/replica.ts'
import { call } from './calling.ts'

/**
 * What agents want, and how often beside each other. People are asked about one in five: more would be more messages than
 * Slack takes from an app in these channels, and would measure only how long the rest has to wait.
 */
const kinds: Readonly<Record<AskKind, number>> = {
  allowed: 60,
  denied: 20,
  release: 5,
  export: 4,
  flash: 5,
  pair: 2,
  drain: 2,
  written: 2,
}

/** How an agent behaves with one request. */
const manners = {
  /** Asks, and looks once more. */
  plain: 40,
  /** Asks the other replica again under the same key, after it has its answer. */
  'asks again': 20,
  /** Hangs up before the answer is there, and asks again under the same key. */
  'hangs up': 15,
  /** Waits until it is settled, and revises it where people have asked for changes. */
  waits: 15,
  /** Takes it back. */
  cancels: 6,
  /** Uses the key again for something else. */
  'other body': 4,
} as const

type Manner = keyof typeof manners

/** Whoever an action is for: an address, and every account of that person. */
type Initiator = readonly [email: string, accounts: readonly string[]]

const initiators: readonly [Initiator, ...Initiator[]] = [
  ['alice@acme.test', samePerson],
  ['sam@acme.test', ['U0SAM']],
  ['priya@acme.test', ['U0PRIYA']],
  ['bob@acme.test', ['U0BOB']],
  ['grace@acme.test', ['U0GRACE']],
]

export interface Asking {
  readonly asks: readonly AskRecord[]
  /** Asks at a steady pace until the load is over; resolves when the last one has been asked. */
  run(untilMs: number): Promise<void>
  underWay(): number
  /** Resolves when every agent has heard what it wanted, or given up. */
  settled(): Promise<void>
}

/** So many may be under way at once: when the product stands still, agents do not pile up without end. */
const mostAtOnce = 150

export function createAsking(world: {
  readonly agents: readonly Registered[]
  readonly replicas: readonly [Replica, Replica]
  readonly random: Random
  readonly rate: number
  readonly tally: Tally
  readonly stopping: AbortSignal
  readonly fault: (error: unknown) => void
}): Asking {
  const { agents, replicas, random, rate, tally, stopping, fault } = world
  const asks: AskRecord[] = []
  const underWay = new Set<Promise<void>>()

  const begin = (n: number, lateAllowed: boolean) => {
    const drawn = random.weighted(kinds)
    const kind = drawn === 'flash' && !lateAllowed ? 'release' : drawn
    const manner = random.weighted<Manner>(manners)
    const agent = agents[n % agents.length]
    const initiator = random.pick(initiators)
    const first = random.pick(replicas)
    if (!agent) return
    const [email, accounts] = initiator
    const key = `soak-${n}`
    const ask: AskRecord = { agent: agent.id, key, kind, behind: [owner, ...accounts], heard: [] }
    asks.push(ask)
    count(tally, `asked: ${kind}`)
    count(tally, `manner: ${manner}`)
    const work = follow({
      ask,
      asks,
      n,
      email,
      manner,
      credential: agent.credential,
      body: bodyOf(kind, { n, email }),
      first,
      second: replicas.find((one) => one !== first) ?? first,
      random,
      stopping,
    }).catch(fault)
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
  }
  return {
    asks,
    async run(untilMs) {
      const began = Date.now()
      for (let n = 0; !stopping.aborted; n += 1) {
        const due = began + (n * 1_000) / rate
        if (due > untilMs) return
        await delay(Math.max(0, due - Date.now()))
        if (underWay.size < mostAtOnce) begin(n, due < untilMs - (flashSeconds + 5) * 1_000)
        else count(tally, 'not asked: too many under way')
      }
    },
    underWay: () => underWay.size,
    async settled() {
      while (underWay.size > 0 && !stopping.aborted) await Promise.race([...underWay, delay(1_000)])
    },
  }
}

interface Following {
  readonly ask: AskRecord
  /** All of them: a revision is one more. */
  readonly asks: AskRecord[]
  readonly n: number
  readonly email: string
  readonly manner: Manner
  readonly credential: string
  readonly body: unknown
  readonly first: Replica
  readonly second: Replica
  readonly random: Random
  readonly stopping: AbortSignal
}

/** One agent with one request, from asking to the end. */
async function follow(about: Following): Promise<void> {
  const { ask, manner, credential, first, second, random } = about
  if (manner === 'hangs up')
    await post(about, { replica: first, hangUpAfterMs: Math.ceil(random.between(1, 25)) })
  const heard = await untilHeard(about, first)
  if (!heard?.id) return
  const look = (replica: Replica, wait = '') =>
    call(ask, {
      kind: 'look',
      replica,
      credential,
      path: `/v1/requests/${heard.id}`,
      ...(wait && { headers: { prefer: wait } }),
    })
  if (manner === 'asks again') await post(about, { replica: second })
  if (manner === 'other body') await another(about)
  if (manner === 'cancels') {
    await delay(random.between(0, 8_000))
    await call(ask, {
      kind: 'cancel',
      replica: second,
      credential,
      path: `/v1/requests/${heard.id}/cancel`,
      method: 'POST',
      body: '{}',
    })
  }
  if (manner === 'waits' && (await waitUntilSettled(about, look))?.wantsChanges) await revise(about, heard.id)
  await delay(random.between(0, 4_000))
  await look(random.pick([first, second]))
}

function post(
  { ask, credential, body }: Following,
  how: { readonly replica: Replica; readonly hangUpAfterMs?: number; readonly wait?: boolean },
): Promise<Heard | null> {
  const { replica, hangUpAfterMs, wait = false } = how
  return call(ask, {
    kind: 'ask',
    replica,
    credential,
    path: '/v1/requests',
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'idempotency-key': ask.key, ...(wait && { prefer: 'wait=5' }) },
    ...(hangUpAfterMs === undefined ? {} : { hangUpAfterMs }),
  })
}

/** Asks now here, now there, until it has an id or has tried for minutes. Then nothing was promised. */
async function untilHeard(about: Following, first: Replica): Promise<Heard | null> {
  const { manner, second, random, stopping } = about
  for (let tries = 0; tries < 60 && !stopping.aborted; tries += 1) {
    const replica = tries % 2 === 0 ? first : second
    const heard = await post(about, { replica, wait: manner === 'waits' })
    if (heard && heard.status < 500 && heard.status !== 429) return heard
    await delay(random.between(200, Math.min(4_000, 600 * (tries + 1))))
  }
  return null
}

/** The key belongs to what it was first used for. */
async function another(about: Following): Promise<void> {
  const { ask, credential, second } = about
  await call(ask, {
    kind: 'mismatch',
    replica: second,
    credential,
    path: '/v1/requests',
    method: 'POST',
    body: JSON.stringify(bodyOf('allowed', { n: -1, email: 'bob@acme.test' })),
    headers: { 'idempotency-key': ask.key },
  })
}

/** At most half a minute: some are never decided. Somebody who asks for changes ends the waiting, too. */
async function waitUntilSettled(
  { first, second, stopping }: Following,
  look: (replica: Replica, wait: string) => Promise<Heard | null>,
): Promise<Heard | null> {
  for (let tries = 0; tries < 2 && !stopping.aborted; tries += 1) {
    const heard = await look(tries % 2 === 0 ? second : first, 'wait=15')
    if (heard?.state && (heard.state !== 'pending' || heard.wantsChanges)) return heard
    if (heard === null) await delay(500)
  }
  return null
}

/** Asks something else instead, once: whoever decides on the first at the same moment may be faster. */
async function revise({ ask, asks, credential, first, n, email }: Following, revises: string): Promise<void> {
  const revision: AskRecord = { ...ask, key: `${ask.key}-revised`, heard: [] }
  asks.push(revision)
  await call(revision, {
    kind: 'revise',
    replica: first,
    credential,
    path: '/v1/requests',
    method: 'POST',
    body: JSON.stringify({ ...bodyOf(ask.kind, { n, email }), params: { n: n + 1 }, revises }),
    headers: { 'idempotency-key': revision.key },
  })
}

/** What is asked says whom it is for, so that whoever reads the card knows who is behind it. */
function bodyOf(kind: AskKind, about: { readonly n: number; readonly email: string }): object {
  const name = about.email.replace(/@.*/, '')
  return {
    action: `soak.${kind}`,
    resource: { type: 'thing', id: `${name}.${about.n}` },
    params: { n: about.n },
    environment: 'prod',
    reason: 'The soak wants to know',
    initiator: { email: about.email },
  }
}
