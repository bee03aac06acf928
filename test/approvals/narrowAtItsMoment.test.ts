import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import { dumpCatalogue, dumpRules, narrowingBundle } from '../support/narrowingBundle.ts'
import { narrowingWorld } from '../support/narrowingWorld.ts'
import { email, partingWorld } from '../support/partingWorld.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, attemptBy, click, submission } from '../support/world.ts'

let { store, world, dump, read, lower, lessOf } = await narrowingWorld()
beforeEach(async () => {
  ;({ store, world, dump, read, lower, lessOf } = await narrowingWorld())
})

describe('at the moment at which it counts', () => {
  test('the policy that is active by then says what may be lowered, and what is said of it', async () => {
    const first = await dump()
    world.setPolicy(narrowingBundle(dumpCatalogue((actions) => actions.replace('{min: 2}', '{min: 1000}'))))
    await expect(lower(first.id, { rows: 500 })).rejects.toMatchObject({ code: 'not_narrower' })
    world.setPolicy(narrowingBundle(dumpRules((rules) => rules.replace('== 7', '< 600'))))
    await expect(lower(first.id, { rows: 500 })).rejects.toMatchObject({ code: 'not_narrowable' })
    const unmarked = dumpCatalogue((actions) => actions.replaceAll(/, narrow: (items|\{min: \d\})/g, ''))
    world.setPolicy(
      narrowingBundle(
        dumpCatalogue(
          () => unmarked['actions.yaml']?.replaceAll(/\{type: (int\??|\{list: string\})\}/g, '$1') ?? '',
        ),
      ),
    )
    await expect(lower(first.id, { rows: 900 })).rejects.toMatchObject({ code: 'not_narrowable' })

    expect(await read(first.id)).toMatchObject({ state: 'pending' })
  })

  test('what was settled since stays as it is', async () => {
    const approved = await dump()
    await click(world, approved.id, 'U0PRIYA')
    const cancelled = await dump({ params: { rows: 4_000 } })
    await cancel(world.ports, { request: cancelled.id, agent: world.agent.agent, via: 'api' })
    const late = await dump({ params: { rows: 3_000 } })
    world.clock.advance(3 * 3_600)

    for (const { id } of [approved, cancelled, late])
      await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'wrong_state' })
    expect((await read(late.id)).state).toBe('expired')
    expect((await expire(world.ports, late.id)).narrowed).toBeUndefined()
  })

  test('race: two approvers narrow at once, and one request is made', async () => {
    const { id } = await dump()
    const tries = await Promise.allSettled([
      lower(id, { rows: 500 }),
      lower(id, { rows: 400 }, { by: 'U0PRIYA' }),
    ])

    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'wrong_state' },
    })
    const made = await store.requests({ agent: world.agent.agent.id, limit: 10 })
    expect(made.filter(({ narrows }) => narrows === id)).toHaveLength(1)
  })

  test('race: beside the approval that releases what was asked, one of both counts', async () => {
    const { id } = await dump()
    const [narrowed, approved] = await Promise.allSettled([
      lower(id, { rows: 500 }),
      click(world, id, 'U0PRIYA'),
    ])

    expect([narrowed.status, approved.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect((await read(id)).state).toBe(narrowed.status === 'fulfilled' ? 'denied' : 'approved')
  })

  test('what is stopped meanwhile is not narrowed, and can be when people have resumed it', async () => {
    const { id } = await dump()
    const what = { kind: 'action', pattern: 'data.*' } as const
    const by = { kind: 'system', id: 'operator', via: 'cli' } as const
    await makeStop(world.ports, { what, reason: 'It exports too much', by })

    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'stopped' })
    expect(await read(id)).toMatchObject({ state: 'pending' })
  })

  test('stale-replica: a stop that this process has not heard of is found by the commit', async () => {
    const { id } = await dump()
    await world.ports.stops.standing()
    const what = { kind: 'action', pattern: 'data.*' } as const
    const by = { kind: 'system', id: 'operator', via: 'cli' } as const
    const elsewhere = { ...world.ports, stops: rememberStops(store, agesOf(world.clock)) }
    await makeStop(elsewhere, { what, reason: 'It exports too much', by })

    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'stopped' })
    expect(await read(id)).toMatchObject({ state: 'pending' })
  })

  test('redelivery: the same click is one narrowing', async () => {
    const { id } = await dump()
    const attempt = { ...attemptBy(id, 'U0BOB'), lowered: { rows: 500 }, reason: null, seen: 'facts' }
    await narrow(world.ports, attempt)
    const again = await narrow(world.ports, attempt)

    expect(again.repeated).toBe(true)
    const made = await store.requests({ agent: world.agent.agent.id, limit: 10 })
    expect(made).toHaveLength(2)
  })

  test('where nobody can say who somebody is, nothing is narrowed, and it can come again', async () => {
    const { id } = await dump()
    world.directory.down = true
    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'identity_unknown' })
    world.directory.down = false
    await lower(id, { rows: 500 })

    expect(await lessOf(id)).toMatchObject({ state: 'approved' })
  })

  test('own-request: whoever was parted from the initiator since it was asked stays behind what is left of it', async () => {
    const parting = await partingWorld()
    parting.world.setPolicy(
      narrowingBundle({
        ...dumpCatalogue((actions) => `${actions}  people.unlink: {effect: admin, params: open}\n`),
        'rules/people.yaml': `
- id: people.unlink
  description: Parting accounts needs Security.
  match: {actions: [people.unlink]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
`,
      }),
    )
    await parting.link()
    const params = { rows: 100_000, columns: ['id', 'name'] }
    const first = await ask(parting.world, 'data.dump', submission('data.dump', { params }))
    await parting.unlink()
    const attempt = { ...attemptBy(first.id, 'U0SAM'), reason: null, seen: 'facts' }
    await narrow(parting.ports, { ...attempt, lowered: { rows: 50_000 } })
    const less = (await parting.store.requests({ limit: 10 })).find(({ narrows }) => narrows === first.id)
    const again = { ...attemptBy(less?.id ?? '', 'U0PRIYA'), reason: null, seen: 'facts' }
    await narrow(parting.ports, { ...again, lowered: { rows: 400 } })
    const least = (await parting.store.requests({ limit: 10 })).find(({ narrows }) => narrows === less?.id)

    expect(least).toMatchObject({ state: 'pending' })
    for (const request of [less, least])
      await expect(click(parting.world, request?.id ?? '', 'U0BOB')).rejects.toMatchObject({
        code: request === least ? 'own_request' : 'wrong_state',
      })
    // The control: what is asked now is not Bob's.
    const now = await ask(
      parting.world,
      'data.dump',
      submission('data.dump', { params, initiator: email('alice') }),
    )
    await expect(click(parting.world, now.id, 'U0BOB')).resolves.toMatchObject({ repeated: false })
  })

  test('own-request: whoever was given the agent since is behind what is left of it', async () => {
    const first = await dump({ params: { rows: 100_000 } })
    await lower(first.id, { rows: 60_000 })
    const owner = (await store.account('slack:T0ACME:U0BOB'))?.person ?? 'nobody'
    const { agent } = world.agent
    const next = { ...agent, version: agent.version + 1, owner }
    await store.commit({ agents: [{ expected: agent.version, next }], entries: [] })
    const less = await lessOf(first.id)
    await lower(less.id, { rows: 500 }, { by: 'U0SAM' })

    const least = await lessOf(less.id)
    expect(least.behind).toContainEqual({ person: owner, role: 'agent_owner' })
    await expect(click(world, least.id, 'U0BOB')).rejects.toMatchObject({ code: 'own_request' })
  })
})
