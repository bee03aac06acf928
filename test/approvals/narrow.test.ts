import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import type { NarrowingAttempt } from '../../src/approvals/personCommand.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import { digestAction } from '../../src/core/action.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { dumpCatalogue, dumpRules, narrowingBundle } from '../support/narrowingBundle.ts'
import { entriesOf } from '../support/recorded.ts'
import { agesOf } from '../support/testClock.ts'
import { ask, attemptBy, click, submission, testWorld, type World } from '../support/world.ts'
import { asksForGrant } from './grants/granted.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store, policy: narrowingBundle() })
})

const columns = ['id', 'name', 'email', 'name']
const asked = { rows: 5_000, columns, format: 'csv' }

const dump = (params: Parameters<typeof submission>[1] = {}) =>
  ask(world, 'data.dump', submission('data.dump', { ...params, params: { ...asked, ...params.params } }))

const read = async (id: string): Promise<ActionRequest> => {
  const request = await store.request(id)
  if (!request) throw new Error('it is gone')
  return request
}

function lower(
  id: string,
  lowered: NarrowingAttempt['lowered'],
  change: Partial<NarrowingAttempt> & { readonly by?: string } = {},
) {
  const { by = 'U0BOB', ...more } = change
  return narrow(world.ports, { ...attemptBy(id, by), lowered, reason: null, seen: 'facts', ...more })
}

/** What is asked instead. */
async function lessOf(id: string): Promise<ActionRequest> {
  const { narrowed } = await read(id)
  return read(narrowed?.to ?? 'nothing')
}

describe('narrowing', () => {
  test('ends what was asked as denied, and asks for less in the same commit; both say so', async () => {
    const first = await dump()
    const commits = store.ledger.length
    const { request } = await lower(first.id, { rows: 500, columns: ['id', 'name'] }, { reason: 'Enough.' })

    expect(request).toMatchObject({ id: first.id, state: 'denied', outcome: expect.stringContaining('less') })
    expect(outcomeOf(request)).toBe('narrowed')
    expect(request.decisions).toEqual([])
    expect(request.narrowed).toMatchObject({ account: 'slack:T0ACME:U0BOB', reason: 'Enough.' })
    const less = await lessOf(first.id)
    expect(less).toMatchObject({
      narrows: first.id,
      state: 'approved',
      action: { ...first.action, params: { rows: 500, columns: ['id', 'name'], format: 'csv' } },
      reason: first.reason,
      initiator: first.initiator,
      behind: first.behind,
      decisions: [{ kind: 'approve', account: 'slack:T0ACME:U0BOB', reason: 'Enough.' }],
    })
    expect(less.digest).toBe(digestAction(less.action))
    expect(less.digest).not.toBe(first.digest)
    const said = store.ledger
      .slice(commits)
      .filter(({ request }) => request !== null)
      .map(({ type, request: id }) => [type, id])
    expect(said).toEqual([
      ['request.narrowed', first.id],
      ['request.submitted', less.id],
      ['decision.made', less.id],
      ['request.approved', less.id],
    ])
    const [ended] = await entriesOf(store, first.id, 'request.narrowed')
    const [begun] = await entriesOf(store, less.id, 'request.submitted')
    expect(ended?.data).toMatchObject({
      narrowed_to: less.id,
      lowered: ['rows', 'columns'],
      outcome: 'narrowed',
    })
    expect(begun?.data).toMatchObject({ narrows: first.id })
    expect(store.jobs.has(`expire:${first.id}`)).toBe(false)
    expect(store.jobs.has(`refresh:${first.id}`)).toBe(true)
    expect(store.jobs.has(`announce:${less.id}`)).toBe(true)
    expect(store.jobs.has(`unredeemed:${less.id}`)).toBe(true)
    expect(store.jobs.has(`expire:${less.id}`)).toBe(false)
  })

  test('dropped-edit: only what is left gets the grant', async () => {
    const first = await dump()
    await lower(first.id, { rows: 500 })
    const less = await lessOf(first.id)

    await expect(asksForGrant(world, first.id)).rejects.toMatchObject({ code: 'not_approved' })
    const granted = await asksForGrant(world, less.id)
    expect(granted.request).toMatchObject({ id: less.id, digest: less.digest })
    await expect(click(world, first.id, 'U0PRIYA')).rejects.toMatchObject({ code: 'wrong_state' })
  })

  test('moves no vote but that of whoever narrows', async () => {
    const first = await dump({ params: { rows: 100_000 } })
    await click(world, first.id, 'U0SAM')
    await lower(first.id, { rows: 5_000 })
    const less = await lessOf(first.id)

    expect(less.state).toBe('pending')
    expect(less.decisions.map(({ account }) => account)).toEqual(['slack:T0ACME:U0BOB'])
    expect((await read(first.id)).decisions).toHaveLength(1)
    expect((await click(world, less.id, 'U0SAM')).request.state).toBe('approved')
  })

  test('a weaker verdict keeps what was required, and the card says so', async () => {
    const first = await dump({ params: { rows: 100_000 } })
    await lower(first.id, { rows: 20 })
    const less = await lessOf(first.id)

    expect(less.requirement?.legs.map(({ name }) => name).sort()).toEqual(['data', 'security'])
    expect(less.requirement?.expiresInSeconds).toBe(1_800)
    expect(less).toMatchObject({ state: 'pending', verdict: { kind: 'require_approval', rules: ['dump'] } })
    expect(less.verdict.message).toContain(first.id)
  })

  test('what policy would allow by itself is asked as it was', async () => {
    const first = await dump({ params: { rows: 100_000 } })
    await lower(first.id, { rows: 5 })
    const less = await lessOf(first.id)

    expect(less).toMatchObject({
      state: 'pending',
      requirement: first.requirement,
      verdict: { kind: 'require_approval', code: 'narrowed', rules: ['dump.few'] },
    })
    await click(world, less.id, 'U0SAM')
    expect(outcomeOf(await read(less.id))).toBe('approved')
  })

  test('a stricter verdict adds what it asks', async () => {
    const first = await dump()
    await lower(first.id, { rows: 13 })
    const less = await lessOf(first.id)

    expect(less.requirement?.legs.map(({ name }) => name).sort()).toEqual(['data', 'platform'])
    expect(less).toMatchObject({ state: 'pending', decisions: [{ account: 'slack:T0ACME:U0BOB' }] })
    expect((await click(world, less.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('the vote stays behind where the new one demands what was not given', async () => {
    const demanding = dumpRules(
      (rules) => `${rules}
- id: dump.reason
  description: A reason for small dumps.
  match: {actions: [data.dump]}
  when: params.rows == 14
  verdict: require_approval
  require: {approvals: [{name: data, from: [group:data-owners], count: 1}], reason: {min_length: 30}}
`,
    )
    world.setPolicy(narrowingBundle(demanding))
    const first = await dump()
    await lower(first.id, { rows: 14 })
    const less = await lessOf(first.id)

    expect(less).toMatchObject({ state: 'pending', decisions: [] })
    expect(store.jobs.has(`expire:${less.id}`)).toBe(true)
    const reason = 'These fourteen rows are what the audit asked for.'
    expect((await click(world, less.id, 'U0BOB', { reason })).request.state).toBe('approved')
  })

  test('can be done again with what is left', async () => {
    const first = await dump({ params: { rows: 100_000 } })
    await lower(first.id, { rows: 5_000 })
    const less = await lessOf(first.id)
    await lower(less.id, { rows: 50 }, { by: 'U0SAM' })
    const least = await lessOf(less.id)

    expect(least).toMatchObject({ narrows: less.id, state: 'pending', action: { params: { rows: 50 } } })
    expect(least.decisions.map(({ account }) => account)).toEqual(['slack:T0ACME:U0SAM'])
  })

  test('is no denial that cools down, and none that stands holds it', async () => {
    const less = await dump({ params: { rows: 500 } })
    await click(world, less.id, 'U0BOB', { kind: 'deny' })
    const first = await dump()
    await lower(first.id, { rows: 500 })

    expect(await lessOf(first.id)).toMatchObject({ digest: less.digest, state: 'approved' })
    expect(await dump()).toMatchObject({ state: 'pending' })
  })

  test('takes the place of what was asked where as many wait as may', async () => {
    const first = await dump({ params: { rows: 100_000 } })
    for (let nth = 1; nth < 20; nth += 1) await ask(world, 'deploy.start')
    await expect(dump({ params: { rows: 6_000 } })).rejects.toMatchObject({ code: 'too_many_pending' })

    await lower(first.id, { rows: 50 })
    expect(await lessOf(first.id)).toMatchObject({ state: 'pending' })
  })

  test('leaves behind it who was behind what was asked, and whoever owns the agent by now', async () => {
    const first = await dump({ involved: [{ email: 'priya@acme.test' }], params: { rows: 100_000 } })
    await lower(first.id, { rows: 50_000 })
    const less = await lessOf(first.id)

    await expect(click(world, less.id, 'U0PRIYA')).rejects.toMatchObject({ code: 'own_request' })
    // Whoever narrowed is not behind it: their own approval counted.
    expect(less.decisions).toHaveLength(1)
  })
})

describe('own-request: who may narrow is who may approve', () => {
  test.each([
    ['U0ALICE', 'own_request'],
    ['U0LEE', 'own_request'],
    ['U0OMAR', 'not_in_leg'],
    ['U0NOOR', 'not_in_leg'],
  ])('not %s', async (by, code) => {
    const { id } = await dump()
    await expect(lower(id, { rows: 500 }, { by })).rejects.toMatchObject({ code })

    expect(await read(id)).toMatchObject({ state: 'pending' })
    expect(await entriesOf(store, id, 'decision.refused')).toMatchObject([{ data: { kind: 'narrow', code } }])
  })

  test('the initiator neither by another account that is linked to them, nor as a guest', async () => {
    const { id } = await dump()
    world.directory.changeAccount('U0BOB', { guest: true })
    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('nobody who has decided already: they take that back first', async () => {
    const { id } = await dump({ params: { rows: 100_000 } })
    await click(world, id, 'U0BOB')
    await expect(lower(id, { rows: 500 })).rejects.toMatchObject({ code: 'already_decided' })
  })
})

describe('only lower, and only as the policy marks it', () => {
  test.each([
    ['raised', { rows: 5_001 }],
    ['zero', { rows: 0 }],
    ['below the minimum', { rows: 1 }],
    ['negative', { rows: -3 }],
    ['no whole number', { rows: 4.5 }],
    ['a number as text', { rows: '500' }],
    ['null', { rows: null }],
    ['equal', { rows: 5_000 }],
    ['equal in everything', { rows: 5_000, columns }],
    ['nothing named', {}],
    ['an empty list', { columns: [] }],
    ['another order', { columns: ['name', 'id'] }],
    ['an item that was not asked', { columns: ['id', 'salary'] }],
    ['an item more often than asked', { columns: ['id', 'id'] }],
    ['a list that is none', { columns: 'id' }],
    ['a parameter without a mark', { format: '' }],
    ['a parameter that was not given', { limit: 5 }],
    ['a parameter that there is not', { destination: 's3://mine' }],
    ['one lower and one raised', { rows: 500, columns: [...columns, 'iban'] }],
  ])('not %s', async (_, lowered) => {
    const { id } = await dump()
    await expect(lower(id, lowered)).rejects.toMatchObject({ code: 'not_narrower' })

    expect(await read(id)).toMatchObject({ state: 'pending' })
    expect((await read(id)).narrowed).toBeUndefined()
  })

  test('items are left out in their order, also one of two that are alike', async () => {
    const { id } = await dump()
    await lower(id, { columns: ['id', 'email', 'name'] })
    expect((await lessOf(id)).action.params).toMatchObject({ columns: ['id', 'email', 'name'], rows: 5_000 })
  })

  test('nothing of an action that has no mark, of one asked with others, or of a rollback', async () => {
    const plain = await ask(world, 'deploy.start')
    await expect(lower(plain.id, { rows: 5 }, { by: 'U0GRACE' })).rejects.toMatchObject({
      code: 'not_narrowable',
    })
    const { action } = submission('table.drop')
    const declared = await dump({ rollback: action })
    expect(declared.set).toBeDefined()
    const by = declared.requirement?.legs.some(({ name }) => name === 'data') ? 'U0BOB' : 'U0GRACE'
    await expect(lower(declared.id, { rows: 500 }, { by })).rejects.toMatchObject({ code: 'not_narrowable' })
  })

  test('not to what the policy denies: what was asked waits on', async () => {
    const { id } = await dump()
    await expect(lower(id, { rows: 7 })).rejects.toMatchObject({
      code: 'not_narrowable',
      problems: [{ detail: expect.stringContaining('Seven rows are never taken.') }],
    })
    expect(await read(id)).toMatchObject({ state: 'pending' })
  })
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
})
