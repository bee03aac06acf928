import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { showToAgent, story, viewOf } from '../../src/approvals/inspect.ts'
import { askedBy, waitingFor } from '../../src/approvals/lists.ts'
import { submit } from '../../src/approvals/submit.ts'
import { typesOf } from '../support/recorded.ts'
import { bundleFiles, bundleWithDefaults, testBundle } from '../support/testBundle.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const accountOf = (user: string) => world.directory.account(`slack:${user}`)

describe('what policy says', () => {
  test('allowed: approved at once, recorded, nobody is asked', async () => {
    const request = await ask(world, 'repo.read')
    expect(request).toMatchObject({
      state: 'approved',
      requirement: null,
      verdict: { kind: 'allow', rules: ['read'] },
    })
    expect(await typesOf(world.store, request.id)).toEqual(['request.submitted', 'request.approved'])
  })

  test('denied: a request whose state is denied, with the rule and its message', async () => {
    const request = await ask(world, 'audit.delete')
    expect(request).toMatchObject({
      state: 'denied',
      outcome: 'Audit logs stay.',
      verdict: { rules: ['audit'] },
    })
  })

  test('a name that stands for a channel of each: it asks in those that this house has; control: in all, where it has all, or none of them', async () => {
    const there = '19:approvals@thread.tacv2'
    const bundle = bundleFiles['bundle.yaml']?.replace(
      'slack_channel: C0APPROVALS',
      `slack_channel: C0APPROVALS, teams_channel: "${there}"`,
    )
    const policy = testBundle({ ...bundleFiles, 'bundle.yaml': bundle ?? '' })
    const asksIn = async (hasConversation: (address: string) => boolean) => {
      const house = await testWorld({ policy })
      const asked = await ask({ ...house, ports: { ...house.ports, hasConversation } }, 'deploy.start')
      return asked.requirement?.notify.channels
    }

    expect(await asksIn((address) => address.startsWith('slack:'))).toEqual(['slack:C0APPROVALS'])
    expect(await asksIn(() => true)).toEqual(['slack:C0APPROVALS', `teams:${there}`])
    expect(await asksIn(() => false)).toEqual(['slack:C0APPROVALS', `teams:${there}`])
  })

  test('asked: pending until the deadline that policy names', async () => {
    const request = await ask(world, 'db.export')
    expect(request).toMatchObject({
      state: 'pending',
      expiresAt: '2026-11-24T15:00:00.000Z',
      settledAt: null,
    })
  })

  test('an unknown action is denied where the bundle says so', async () => {
    expect(await ask(world, 'rockets.launch')).toMatchObject({
      state: 'denied',
      verdict: { code: 'unknown_action' },
    })
  })

  test('silence: without any bundle everything is denied', async () => {
    world = await testWorld({ policy: null })
    expect(await ask(world, 'repo.read')).toMatchObject({
      state: 'denied',
      verdict: { code: 'no_policy', policy: null },
    })
  })

  test('the agent may shorten the deadline and never lengthen it', async () => {
    expect((await ask(world, 'db.export', { expiresInSeconds: 60 })).expiresAt).toBe(
      '2026-11-24T14:01:00.000Z',
    )
    expect((await ask(world, 'db.export', { expiresInSeconds: 86_400 })).expiresAt).toBe(
      '2026-11-24T15:00:00.000Z',
    )
  })
})

describe('nobody-can', () => {
  test.each([
    ['an empty set', 'cursed.empty', 'ghosts'],
    ['a set of people who are all behind it', 'cursed.behind', 'selves'],
  ])('%s: denied at once, naming the leg', async (_, action, leg) => {
    const request = await ask(world, action)
    expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
    expect(request.outcome).toContain(leg)
  })

  test('control: with one more person in it, it is asked', async () => {
    world.directory.groups.set('S0ONLYBEHIND', ['U0ALICE', 'U0LEE', 'U0SAM'])
    expect(await ask(world, 'cursed.behind')).toMatchObject({ state: 'pending' })
  })

  test('guests do not count as people who can', async () => {
    world.directory.groups.set('S0ONLYBEHIND', ['U0ALICE', 'U0SAM'])
    world.directory.changeAccount('U0SAM', { guest: true })
    expect(await ask(world, 'cursed.behind')).toMatchObject({ state: 'denied' })
  })

  test('two seats and one person left is not enough', async () => {
    world.directory.groups.set('S0IAM', ['U0SAM', 'U0LEE'])
    expect(await ask(world, 'iam.change')).toMatchObject({
      state: 'denied',
      verdict: { code: 'unsatisfiable' },
    })
  })

  test('a set that cannot be read says nothing either way: the request waits', async () => {
    world.directory.unreadable.add('S0ONLYBEHIND')
    expect(await ask(world, 'cursed.behind')).toMatchObject({ state: 'pending' })
  })
})

describe('the people behind it', () => {
  test("without an initiator it is the agent's owner", async () => {
    const request = await ask(world, 'db.export', { initiator: null })
    expect(request.initiator).toEqual({ person: world.agent.agent.owner, claim: 'agent_owner' })
  })

  test('ambiguous-person: nobody matches', async () => {
    await expect(ask(world, 'db.export', { initiator: { email: 'nobody@acme.test' } })).rejects.toMatchObject(
      {
        code: 'unknown_person',
        problems: [{ pointer: '/initiator/email' }],
      },
    )
  })

  test('ambiguous-person: two match', async () => {
    world.directory.accounts.set('U0BOB2', { ...(await accountOf('U0BOB')), key: 'slack:T0ACME:U0BOB2' })
    await expect(ask(world, 'db.export', { initiator: { email: 'bob@acme.test' } })).rejects.toMatchObject({
      code: 'unknown_person',
    })
  })

  test('control: one matches', async () => {
    await expect(ask(world, 'db.export', { initiator: { email: 'bob@acme.test' } })).resolves.toMatchObject({
      state: 'pending',
    })
  })

  test('a directory that is down makes nothing up', async () => {
    world.directory.down = true
    await expect(ask(world, 'db.export')).rejects.toMatchObject({ code: 'directory_unavailable' })
  })
})

describe('retry-storm', () => {
  test('a hundred retries with the same key are one request', async () => {
    const same = envelope(world)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => submit(world.ports, same, submission('db.export'))),
    )
    expect(new Set(answers.map((answer) => answer.request.id)).size).toBe(1)
    expect(answers.filter((answer) => answer.created)).toHaveLength(1)
  })

  test('the same key with another body is refused', async () => {
    const first = envelope(world)
    await submit(world.ports, first, submission('db.export'))
    const second = { ...first, bodyDigest: envelope(world).bodyDigest }
    await expect(submit(world.ports, second, submission('deploy.start'))).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    })
  })
})

describe('the end', () => {
  test('silence: nobody answers, and it is expired, which is not approved', async () => {
    const request = await ask(world, 'db.export')
    world.clock.advance(3_600)
    expect(await expire(world.ports, request.id)).toMatchObject({
      state: 'expired',
      outcome: 'No channel reached anybody in time.',
    })
    expect(await typesOf(world.store, request.id)).toEqual(['request.submitted', 'request.expired'])
  })

  test('a deadline that comes too early changes nothing', async () => {
    const request = await ask(world, 'db.export')
    expect(await expire(world.ports, request.id)).toEqual(request)
  })

  test('a deadline of something settled changes nothing', async () => {
    const request = await ask(world, 'deploy.start')
    await click(world, request.id, 'U0GRACE')
    world.clock.advance(3_600)
    expect(await expire(world.ports, request.id)).toMatchObject({ state: 'approved' })
  })

  test('the agent takes it back, once and again', async () => {
    const request = await ask(world, 'db.export')
    const by = { request: request.id, agent: world.agent.agent, via: 'api' } as const
    expect(await cancel(world.ports, by)).toMatchObject({ state: 'cancelled' })
    expect(await cancel(world.ports, by)).toMatchObject({ state: 'cancelled', version: 2 })
  })

  test('what is decided cannot be taken back', async () => {
    const request = await ask(world, 'audit.delete')
    const by = { request: request.id, agent: world.agent.agent, via: 'api' } as const
    await expect(cancel(world.ports, by)).rejects.toMatchObject({ code: 'wrong_state' })
  })
})

describe('looking', () => {
  test("an agent does not see another agent's requests", async () => {
    const request = await ask(world, 'db.export')
    await expect(
      showToAgent(world.ports, request.id, { ...world.agent.agent, id: 'agt_other' }),
    ).rejects.toMatchObject({ code: 'unknown_request' })
  })

  test('what waits for somebody is what they could decide', async () => {
    const request = await ask(world, 'db.export')
    expect((await waitingFor(world.ports, await accountOf('U0BOB'))).map((one) => one.id)).toEqual([
      request.id,
    ])
    expect(await waitingFor(world.ports, await accountOf('U0ALICE'))).toEqual([])
    await click(world, request.id, 'U0BOB')
    expect(await waitingFor(world.ports, await accountOf('U0BOB'))).toEqual([])
  })

  test('flood: what waits for somebody is found behind hundreds that do not', async () => {
    const request = await ask(world, 'db.export')
    world.setPolicy(bundleWithDefaults('max_pending: 300'))
    for (let n = 0; n < 260; n += 1) await ask(world, 'deploy.start')
    expect((await waitingFor(world.ports, await accountOf('U0BOB'))).map((one) => one.id)).toEqual([
      request.id,
    ])
  })

  test('what somebody asked for, and the story for those it concerns', async () => {
    const request = await ask(world, 'db.export')
    expect((await askedBy(world.ports, await accountOf('U0ALICE'))).map((one) => one.id)).toEqual([
      request.id,
    ])
    for (const user of ['U0ALICE', 'U0BOB'])
      expect((await story(world.ports, request.id, await accountOf(user))).entries).toHaveLength(1)
    await expect(story(world.ports, request.id, await accountOf('U0GRACE'))).rejects.toMatchObject({
      code: 'unknown_request',
    })
  })

  test('a view names the people and who sits where', async () => {
    const request = await ask(world, 'db.export')
    const { request: decided } = await click(world, request.id, 'U0BOB')
    const view = await viewOf(world.ports, decided)
    expect([...view.people.values()].map((one) => one.name)).toEqual(['U0ALICE', 'U0LEE', 'U0BOB'])
    expect(view.filled.get('data')).toEqual([decided.decisions[0]?.person])
  })
})
