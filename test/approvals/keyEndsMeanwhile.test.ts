import { describe, expect, test } from 'vitest'
import { type Followed, follow } from '../../src/approvals/follow.ts'
import { setAgentLimits } from '../../src/approvals/people/agentLimits.ts'
import { revokeAgent, rotateKey } from '../../src/approvals/people/agents.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { waitUntilSettled } from '../../src/approvals/wait.ts'
import { opened } from '../store/opened.ts'
import { ask, testWorld, type World } from '../support/world.ts'

const by = { email: 'lee@acme.test' }
const word = { name: 'billing-agent', by, via: 'test' } as const
const signal = new AbortController().signal

/** Each takes something from whoever calls, and what they can still do afterwards with the same key. */
const endings: readonly (readonly [string, (world: World) => Promise<unknown>, 'refused' | 'let in'])[] = [
  ['the agent is revoked', ({ ports }) => revokeAgent(ports, word), 'refused'],
  ['its key is rotated', ({ ports }) => rotateKey(ports, word), 'refused'],
  [
    'the agent is handed over',
    ({ ports }) => handOver(ports, { ...word, to: { email: 'noor@acme.test' } }),
    'let in',
  ],
]

/** Two replicas; the one at which somebody calls may hear of nothing. */
async function replicas({ deaf }: { readonly deaf: boolean }) {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const here = await testWorld({ store: first.store })
  const store = deaf ? { ...second.store, watch: () => () => {} } : second.store
  const there: World = { ...here, store, ports: { ...here.ports, store } }
  const { id } = await ask(here, 'db.export')
  return { here, there, id }
}

const following = (there: World, id: string, beatAfterMs: number) => {
  const events = follow(there.ports, id, { after: 0, caller: there.agent, signal, beatAfterMs })
  return async (): Promise<Followed | undefined> => (await events.next()).value ?? undefined
}

const waiting = ({ ports, agent }: World, id: string, seconds: number) =>
  waitUntilSettled(ports, { id, version: 1 }, { caller: agent, seconds, signal }).then(
    (request) => request?.state,
    (refusal) => refusal.code,
  )

describe.each(endings)('two-replicas: while %s', (_, ends, after) => {
  test('whoever follows at the other is let go at once', async () => {
    const { here, there, id } = await replicas({ deaf: false })
    const next = following(there, id, 3_600_000)
    expect(await next()).toMatchObject({ type: 'approval.requested' })

    const told = next()
    await ends(here)

    expect(await told).toBeUndefined()
  })

  test('whoever follows at one that hears nothing is let go before its next sign of life', async () => {
    const { here, there, id } = await replicas({ deaf: true })
    const next = following(there, id, 5)
    await next()
    expect(await next(), 'control: it goes on').toBe('beat')

    await ends(here)

    let beats = 0
    for (let event = await next(); event !== undefined; event = await next()) beats += 1
    expect(beats, 'one may be on its way').toBeLessThanOrEqual(1)
  })

  test('whoever waits at the other is answered at once', async () => {
    const { here, there, id } = await replicas({ deaf: false })
    const answered = waiting(there, id, 600)

    await ends(here)

    expect(await answered).toBe(after === 'refused' ? 'unauthenticated' : 'pending')
  })

  test('whoever waits at one that hears nothing is not told how the request stands', async () => {
    const { here, there, id } = await replicas({ deaf: true })
    const answered = waiting(there, id, 0.5)

    await ends(here)

    expect(await answered).toBe(after === 'refused' ? 'unauthenticated' : 'pending')
  })
})

test('control: whoever follows and waits goes on when only the limits of the agent change', async () => {
  const { here, there, id } = await replicas({ deaf: false })
  const next = following(there, id, 50)
  await next()
  const answered = waiting(there, id, 1)

  await setAgentLimits(here.ports, { ...word, limits: { burst: 3 } })

  expect(await next()).toBe('beat')
  expect(await answered).toBe('pending')
})
