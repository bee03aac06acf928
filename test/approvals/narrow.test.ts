import { beforeEach, describe, expect, test } from 'vitest'
import { digestAction } from '../../src/core/action.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import { dumpRules, narrowingBundle } from '../support/narrowingBundle.ts'
import { narrowingWorld } from '../support/narrowingWorld.ts'
import { entriesOf } from '../support/recorded.ts'
import { ask, click } from '../support/world.ts'
import { asksForGrant } from './grants/granted.ts'

let { store, world, dump, read, lower, lessOf } = await narrowingWorld()
beforeEach(async () => {
  ;({ store, world, dump, read, lower, lessOf } = await narrowingWorld())
})

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
