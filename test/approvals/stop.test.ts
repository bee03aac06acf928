import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import type { WantedScope } from '../../src/approvals/stops/scope.ts'
import { submit } from '../../src/approvals/submit.ts'
import { everything, stoppingWorld } from '../support/stoppingWorld.ts'
import { ask, attemptBy, click, envelope, submission } from '../support/world.ts'

let { world, ports, store, clock, runDue, stop } = await stoppingWorld()
beforeEach(async () => {
  ;({ world, ports, store, clock, runDue, stop } = await stoppingWorld())
})

const stopped = { code: 'stopped' }
const types = () => store.ledger.map(({ type }) => type)

describe('what is stopped is refused at once', () => {
  test.each<[string, WantedScope]>([
    ['its agent', { kind: 'agent', agent: 'billing-agent' }],
    ['its action', { kind: 'action', pattern: 'db.*' }],
    ['everything', everything],
  ])('by a stop of %s: with the stop, its reason and its time, and nothing is stored', async (_, what) => {
    const { id, at } = await stop(what)

    const asked = ask(world, 'db.export')

    await expect(asked).rejects.toMatchObject({
      ...stopped,
      held: { stop: id, reason: 'It exports too much', since: at },
      problems: [{ pointer: '', detail: expect.stringContaining('It exports too much') }],
    })
    expect(await store.requests({ limit: 10 })).toEqual([])
  })

  test('also what policy allows', async () => {
    await stop(everything)

    await expect(ask(world, 'repo.read')).rejects.toMatchObject(stopped)
  })

  test.each<[string, WantedScope]>([
    ['another agent', { kind: 'agent', agent: 'other-agent' }],
    ['other actions', { kind: 'action', pattern: 'iam.*' }],
  ])('control: a stop of %s holds nothing of it', async (_, what) => {
    if (what.kind === 'agent')
      await store.commit({
        agents: [{ expected: null, next: { ...world.agent.agent, id: 'agt_other', name: 'other-agent' } }],
        entries: [],
      })
    await stop(what)

    await expect(ask(world, 'db.export')).resolves.toMatchObject({ state: 'pending' })
  })

  test('a retry of what was asked before is answered with that', async () => {
    const again = envelope(world)
    const { request } = await submit(ports, again, submission('repo.read'))
    await stop(everything)

    await expect(submit(ports, again, submission('repo.read'))).resolves.toMatchObject({
      request: { id: request.id },
      created: false,
    })
  })

  test('an agent that goes on asking leaves one entry in ten minutes', async () => {
    const { id } = await stop(everything)
    for (let nth = 0; nth < 5; nth += 1) await ask(world, 'db.export').catch(() => undefined)
    const refused = () => store.ledger.filter(({ type }) => type === 'stop.refused')

    expect(refused()).toMatchObject([
      { subject: { kind: 'agent', id: world.agent.agent.id }, data: { stop: id, name: 'billing-agent' } },
    ])
    clock.advance(600)
    await ask(world, 'db.export').catch(() => undefined)
    expect(refused()).toHaveLength(2)
  })
})

describe('stopping needs nothing but the database', () => {
  test('no policy', async () => {
    const bare = await stoppingWorld({ policy: null })

    await bare.stop(everything)

    await expect(ask(bare.world, 'repo.read')).rejects.toMatchObject(stopped)
  })

  test('its entry says what, by whom and why', async () => {
    const made = await stop({ kind: 'agent', agent: 'billing-agent' })

    expect(store.ledger.at(-1)).toMatchObject({
      type: 'stop.made',
      actor: { kind: 'system', id: 'operator' },
      subject: { kind: 'stop', id: made.id },
      data: { scope: { kind: 'agent', agent: world.agent.agent.id }, name: 'billing-agent' },
      blobs: [{ name: 'reason' }],
    })
  })

  test.each<[string, WantedScope, string]>([
    ['an agent that there is not', { kind: 'agent', agent: 'nobody' }, 'unknown_agent'],
    ['no pattern', { kind: 'action', pattern: 'db export' }, 'invalid_request'],
    ['what no stop holds', { kind: 'action', pattern: 'stop.resume' }, 'invalid_request'],
  ])('%s is refused', async (_, what, code) => {
    await expect(stop(what)).rejects.toMatchObject({ code })
    expect((await store.standingStops()).read).toBe(0)
  })

  test.each([
    ['  ', 'reason_needed'],
    ['\u200b', 'reason_needed'],
    ['x'.repeat(1_001), 'invalid_request'],
  ])('a reason that says nothing, or too much, is refused', async (reason, code) => {
    await expect(stop(everything, reason)).rejects.toMatchObject({ code })
  })

  test('the same click stops once', async () => {
    const once = {
      what: everything,
      reason: 'Twice',
      by: { kind: 'person', id: 'per_x', via: 'slack' },
      delivery: 'slack:1',
    } as const

    expect(await makeStop(ports, once)).not.toBeNull()
    expect(await makeStop(ports, once)).toBeNull()
    expect((await store.standingStops()).stops).toHaveLength(1)
  })
})

describe('a request that waits is held', () => {
  test('nobody approves it, the vote is not spent, and it counts when it is given again', async () => {
    const { id } = await ask(world, 'iam.change')
    const { version, ...made } = await stop(everything)

    await expect(click(world, id, 'U0SAM')).rejects.toMatchObject(stopped)
    expect(await store.request(id)).toMatchObject({ state: 'pending', decisions: [] })

    const resumed = { by: made.by, at: made.at, reason: 'Fixed' }
    await store.commit({
      stops: [{ expected: version, next: { ...made, version: version + 1, resumed } }],
      entries: [],
    })
    await click(world, id, 'U0SAM')
    await click(world, id, 'U0GRACE')
    expect(await store.request(id)).toMatchObject({ state: 'approved' })
  })

  test('nobody breaks its glass', async () => {
    const { id } = await ask(world, 'host.reboot')
    await stop(everything)

    const broken = breakGlass(ports, {
      ...attemptBy(id, 'U0OMAR'),
      reason: 'INC-42 the host is gone',
      seen: 'facts',
    })

    await expect(broken).rejects.toMatchObject(stopped)
    expect(await store.request(id)).toMatchObject({ state: 'pending', brokenGlass: null })
  })

  test('it can be denied', async () => {
    const { id } = await ask(world, 'iam.change')
    await stop(everything)

    await click(world, id, 'U0SAM', { kind: 'deny' })

    expect(await store.request(id)).toMatchObject({ state: 'denied' })
  })

  test('its deadline goes on', async () => {
    const { id } = await ask(world, 'iam.change')
    await stop(everything)
    clock.advance(3_601)
    await runDue()

    expect(await store.request(id)).toMatchObject({ state: 'expired' })
  })

  test('somebody behind it who tries is refused for that, not for the stop', async () => {
    const { id } = await ask(world, 'iam.change')
    await stop(everything)

    await expect(click(world, id, 'U0LEE')).rejects.toMatchObject({ code: 'own_request' })
  })
})

describe('what was approved and not used', () => {
  async function approved(action = 'iam.change') {
    const { id } = await ask(world, action)
    await click(world, id, 'U0SAM')
    await click(world, id, 'U0GRACE')
    return id
  }

  test('is revoked, with an entry, however much it is', async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, () => approved()))
    const { id: stopId } = await stop({ kind: 'action', pattern: 'iam.*' })

    await runDue()

    for (const id of ids)
      expect(await store.request(id)).toMatchObject({ state: 'revoked', revokedBy: 'stop' })
    expect(store.ledger.filter(({ type }) => type === 'request.revoked')).toMatchObject(
      ids.map(() => ({ actor: { kind: 'system', id: stopId }, data: { by: 'stop', stop: stopId } })),
    )
  })

  test('is not, where the stop does not hold it, policy allowed it, or it was long ago', async () => {
    const old = await approved()
    // Of before there were grants: nothing makes it lapse.
    await store.commit({ entries: [], dropJobs: [...store.jobs.keys()].filter((key) => key.includes(old)) })
    clock.advance(25 * 3_600)
    const { id: allowed } = await ask(world, 'repo.read')
    await stop({ kind: 'action', pattern: 'db.*' })
    await stop(everything)

    await runDue()

    for (const id of [old, allowed]) expect(await store.request(id)).toMatchObject({ state: 'approved' })
    expect(types()).not.toContain('request.revoked')
  })

  test('nor once the stop was resumed', async () => {
    const id = await approved()
    const made = await stop(everything)
    const resumed = { by: made.by, at: made.at, reason: 'A mistake' }
    await store.commit({
      stops: [{ expected: made.version, next: { ...made, version: made.version + 1, resumed } }],
      entries: [],
    })

    await runDue()

    expect(await store.request(id)).toMatchObject({ state: 'approved' })
  })
})
