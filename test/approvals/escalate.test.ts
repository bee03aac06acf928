import { beforeEach, describe, expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { escalate, escalateInTime } from '../../src/approvals/escalate.ts'
import { story } from '../../src/approvals/inspect.ts'
import type { EscalationAttempt } from '../../src/approvals/personCommand.ts'
import { escalationsLeft } from '../../src/core/escalations.ts'
import { effectiveLegs } from '../../src/core/request.ts'
import { testChannel } from '../support/channel.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'

let world: World
let store: MemoryStore
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const helpNow = (request: string, user: string, change: Partial<EscalationAttempt> = {}) =>
  escalate(world.ports, { ...attemptBy(request, user), reason: 'Everybody is on a plane.', ...change })

describe('a person escalates', () => {
  test('the next people may help at once; the thread hears who could not wait, and the deadline’s job goes', async () => {
    const channel = testChannel()
    const request = await ask(world, 'node.drain')
    await announce(world.ports, channel, request.id)

    const { request: escalated } = await helpNow(request.id, 'U0GRACE')
    await refresh(world.ports, channel, { request: request.id })

    expect(escalated.escalations).toMatchObject([
      {
        by: expect.stringMatching(/^per_/),
        reason: 'Everybody is on a plane.',
        to: { ref: 'group:security' },
      },
    ])
    expect(channel.said).toContain('tell request.escalated')
    expect([...store.jobs.keys()].filter((key) => key.startsWith('escalate:'))).toEqual([
      `escalate:${request.id}:1`,
    ])
    const [entry] = await entriesOf(store, request.id, 'request.escalated')
    expect(entry?.actor).toMatchObject({ kind: 'person', account: keyOf('U0GRACE'), via: 'slack' })
    expect(entry?.blobs.map((blob) => blob.name)).toEqual(['identity', 'reason'])
    expect((await click(world, request.id, 'U0SAM')).request.state).toBe('approved')
  })

  test('step by step, and then there is nobody left', async () => {
    const request = await ask(world, 'node.drain')
    await helpNow(request.id, 'U0GRACE')
    const { request: last } = await helpNow(request.id, 'U0SAM')

    expect(escalationsLeft(last)).toEqual([])
    await expect(helpNow(request.id, 'U0BOB')).rejects.toMatchObject({ code: 'nothing_to_escalate' })
  })

  test.each([
    ['own-request: the initiator', 'U0ALICE', 'own_request'],
    ['own-request: the owner of the agent', 'U0LEE', 'own_request'],
    ['an outsider', 'U0OMAR', 'not_in_leg'],
    ['somebody whom only an escalation would bring in', 'U0SAM', 'not_in_leg'],
  ])('%s cannot, and it is recorded', async (_, user, code) => {
    const request = await ask(world, 'node.drain')

    await expect(helpNow(request.id, user)).rejects.toMatchObject({ code })

    expect((await store.request(request.id))?.escalations).toEqual([])
    const [entry] = await entriesOf(store, request.id, 'decision.refused')
    expect(entry?.data).toMatchObject({ kind: 'escalate', code })
  })

  test('a guest cannot', async () => {
    const request = await ask(world, 'node.drain')
    world.directory.changeAccount('U0GRACE', { guest: true })
    await expect(helpNow(request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'not_staff' })
  })

  test('says why', async () => {
    const request = await ask(world, 'node.drain')
    await expect(helpNow(request.id, 'U0GRACE', { reason: ' ' })).rejects.toMatchObject({
      code: 'reason_needed',
    })
  })

  test('nothing is there to escalate to where the policy names nobody', async () => {
    const request = await ask(world, 'deploy.start')
    await expect(helpNow(request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'nothing_to_escalate' })
  })

  test('to people of their choice: those before them are still left, and their time still comes', async () => {
    const channel = testChannel()
    const request = await ask(world, 'node.drain')
    await announce(world.ports, channel, request.id)

    const { request: escalated } = await helpNow(request.id, 'U0GRACE', { to: 'slack:S0DATA' })
    await refresh(world.ports, channel, { request: request.id })

    expect(escalated.escalations).toMatchObject([{ to: { ref: 'group:data-owners' }, nth: 1 }])
    expect(escalationsLeft(escalated)).toMatchObject([{ to: { ref: 'group:security' }, nth: 0 }])
    expect([...store.jobs.keys()].filter((key) => key.startsWith('escalate:'))).toEqual([
      `escalate:${request.id}:0`,
    ])
    expect(channel.said).toContain('tell request.escalated')
    world.clock.advance(1_200)
    await escalateInTime(world.ports, { request: request.id, nth: 1 })
    await escalateInTime(world.ports, { request: request.id, nth: 0 })
    const now = await store.request(request.id)
    expect(now?.escalations.map(({ to }) => to.ref)).toEqual(['group:data-owners', 'group:security'])
    const entries = await entriesOf(store, request.id, 'request.escalated')
    expect(entries.map(({ data }) => data.nth)).toEqual([1, 0])
    expect(now && escalationsLeft(now)).toEqual([])
  })

  test('caller-chooses: to nobody whom the policy does not name', async () => {
    const request = await ask(world, 'node.drain')

    await expect(helpNow(request.id, 'U0GRACE', { to: 'slack:S0IAM' })).rejects.toMatchObject({
      code: 'wrong_state',
    })
    expect((await store.request(request.id))?.escalations).toEqual([])
  })

  test('race: two people who chose others bring in both, each once', async () => {
    const request = await ask(world, 'node.drain')

    await Promise.all([
      helpNow(request.id, 'U0GRACE', { to: 'slack:S0DATA' }),
      helpNow(request.id, 'U0NOOR', { to: 'slack:S0SECURITY' }),
    ])

    const refs = (await store.request(request.id))?.escalations.map(({ to }) => to.ref)
    expect(refs?.toSorted()).toEqual(['group:data-owners', 'group:security'])
  })

  test('race: two people who were shown the same people bring in those and no others', async () => {
    const request = await ask(world, 'node.drain')
    const to = 'slack:S0SECURITY'
    const tries = await Promise.allSettled([
      helpNow(request.id, 'U0GRACE', { to }),
      helpNow(request.id, 'U0NOOR', { to }),
    ])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'wrong_state' },
    })
    const refs = (await store.request(request.id))?.escalations.map((one) => one.to.ref)
    expect(refs).toEqual(['group:security'])
  })

  test('redelivery: the same click twice brings in one set of people', async () => {
    const request = await ask(world, 'node.drain')
    await helpNow(request.id, 'U0GRACE', { delivery: 'same' })
    const again = await helpNow(request.id, 'U0GRACE', { delivery: 'same' })

    expect(again.repeated).toBe(true)
    expect((await store.request(request.id))?.escalations).toHaveLength(1)
  })

  test('late-approval: not after the deadline', async () => {
    const request = await ask(world, 'node.drain')
    world.clock.advance(3_600)
    await expect(helpNow(request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
    expect(await store.request(request.id)).toMatchObject({ state: 'expired', escalations: [] })
  })

  test('foreign-payload: not from a card of another request', async () => {
    const request = await ask(world, 'node.drain')
    await expect(helpNow(request.id, 'U0GRACE', { card: 'crd_other' })).rejects.toMatchObject({
      code: 'foreign_payload',
    })
  })

  test('race: a person and the deadline in the same instant bring in the next people once', async () => {
    const request = await ask(world, 'node.drain')
    world.clock.advance(600)

    await Promise.all([
      helpNow(request.id, 'U0GRACE'),
      escalateInTime(world.ports, { request: request.id, nth: 0 }),
    ])

    const refs = (await store.request(request.id))?.escalations.map(({ to }) => to.ref) ?? []
    // Whoever is second: the person goes one further, the deadline finds it done.
    expect([['group:security'], ['group:security', 'group:data-owners']]).toContainEqual(refs)
    expect(await entriesOf(store, request.id, 'request.escalated')).toHaveLength(refs.length)
  })

  test('race: an approval and an escalation in the same instant: both stand or the later one hears it is settled', async () => {
    const request = await ask(world, 'node.drain')
    const [approval, help] = await Promise.allSettled([
      click(world, request.id, 'U0NOOR'),
      helpNow(request.id, 'U0GRACE'),
    ])

    expect(approval.status).toBe('fulfilled')
    expect(await store.request(request.id)).toMatchObject({ state: 'approved' })
    if (help.status === 'rejected') expect(help.reason).toMatchObject({ code: 'wrong_state' })
  })
})

describe('who is brought in', () => {
  test('fills only the legs that the escalation opens; whoever is only told may read', async () => {
    world.setPolicy(testBundle({ ...bundleFiles, 'rules/two.yaml': second }))
    const request = await ask(world, 'node.drain')
    world.clock.advance(600)
    await escalateInTime(world.ports, { request: request.id, nth: 0 })
    const escalated = await store.request(request.id)
    if (!escalated) throw new Error('no request')

    // The other rule asks for the platform leads too, and does not escalate: nobody is added to its leg.
    expect(effectiveLegs(escalated)).toEqual(request.requirement?.legs)
    expect(escalated.escalations).toMatchObject([{ legs: [] }])
    await expect(click(world, request.id, 'U0SAM')).rejects.toMatchObject({ code: 'not_in_leg' })
    const sam = await world.directory.account('slack:U0SAM')
    await expect(story(world.ports, request.id, sam)).resolves.toMatchObject({ view: expect.anything() })
  })

  test('outsider: whoever was not told may not read', async () => {
    const request = await ask(world, 'node.drain')
    const bob = await world.directory.account('slack:U0BOB')
    await expect(story(world.ports, request.id, bob)).rejects.toMatchObject({ code: 'unknown_request' })
  })

  test('silence: a set that cannot be read lets nobody read who was not asked otherwise', async () => {
    const request = await ask(world, 'node.drain')
    await helpNow(request.id, 'U0GRACE')
    world.directory.unreadable.add('S0SECURITY')
    const omar = await world.directory.account('slack:U0OMAR')
    await expect(story(world.ports, request.id, omar)).rejects.toMatchObject({ code: 'unknown_request' })
  })

  test('nobody-can: a leg that only escalations can fill is asked for', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0LEE'])
    const request = await ask(world, 'node.drain')
    expect(request.state).toBe('pending')
  })

  test('nobody-can, control: without them it is denied at once', async () => {
    world.directory.groups.set('S0PLATFORM', ['U0LEE'])
    const request = await ask(world, 'deploy.start')
    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
  })
})

const second = `
- id: drain.too
  description: Draining needs the platform leads.
  match: {actions: [node.drain]}
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform-leads], count: 1}]}
`
