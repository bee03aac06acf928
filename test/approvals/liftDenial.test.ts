import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { story } from '../../src/approvals/inspect.ts'
import { emergenciesFor, waitingFor } from '../../src/approvals/lists.ts'
import { typesOf } from '../support/recorded.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'
import { reason, smash } from './emergency.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const withRules = (change: (rules: string) => string) => world.setPolicy(bundleWithRules(change))

describe('a denial by policy that break-glass may lift', () => {
  test('waits, with nobody asked and nobody able to approve it', async () => {
    const request = await ask(world, 'freeze.deploy')

    expect(request).toMatchObject({
      state: 'pending',
      outcome: null,
      verdict: { kind: 'deny', message: 'Change freeze until 4 January.' },
      requirement: { legs: [], notify: { channels: ['slack:C0APPROVALS'] } },
    })
    for (const user of ['U0GRACE', 'U0OMAR', 'U0PRIYA'])
      await expect(click(world, request.id, user)).rejects.toMatchObject({ code: 'not_in_leg' })
  })

  test('is lifted by one named person alone, with everything about it on record', async () => {
    const request = await ask(world, 'freeze.deploy')

    const { request: lifted } = await smash(world, request.id, 'U0GRACE')

    expect(lifted).toMatchObject({
      state: 'approved',
      decisions: [],
      brokenGlass: {
        account: keyOf('U0GRACE'),
        reason,
        at: '2026-11-24T14:00:00.000Z',
        via: 'slack',
        reviewBy: '2026-11-25T14:00:00.000Z',
        review: null,
      },
    })
    expect(await typesOf(world.store, request.id)).toEqual([
      'request.submitted',
      'glass.broken',
      'request.approved',
    ])
    const broken = (await world.store.entries(request.id))[1]
    expect(broken).toMatchObject({
      actor: { kind: 'person', id: lifted.brokenGlass?.person, account: keyOf('U0GRACE'), via: 'slack' },
      data: { verdict: 'deny', rules: ['freeze'], review_by: '2026-11-25T14:00:00.000Z' },
    })
    expect(broken?.blobs.map((blob) => blob.name)).toEqual(['identity', 'reason', 'seen'])
    expect(JSON.stringify(broken)).not.toContain('status page')
  })

  test('silence: nobody lifts it, and it ends with what the policy said', async () => {
    const request = await ask(world, 'freeze.deploy')
    world.clock.advance(3_600)

    expect(await expire(world.ports, request.id)).toMatchObject({
      state: 'expired',
      outcome: 'Change freeze until 4 January.',
    })
  })

  test('can be taken back by its agent', async () => {
    const request = await ask(world, 'freeze.deploy')
    const { agent } = world.agent
    expect(await cancel(world.ports, { request: request.id, agent, via: 'api' })).toMatchObject({
      state: 'cancelled',
    })
  })

  test('is found by those who could lift it, and is not theirs to decide', async () => {
    const request = await ask(world, 'freeze.deploy')
    const [omar, bob] = await Promise.all(['U0OMAR', 'U0BOB'].map((user) => world.directory.account(user)))
    if (!omar || !bob) throw new Error('nobody')

    expect((await emergenciesFor(world.ports, omar)).map(({ id }) => id)).toEqual([request.id])
    expect(await emergenciesFor(world.ports, bob)).toEqual([])
    expect(await waitingFor(world.ports, omar)).toEqual([])
    await expect(story(world.ports, request.id, omar)).resolves.toBeDefined()
    await expect(story(world.ports, request.id, bob)).rejects.toMatchObject({ code: 'unknown_request' })
  })

  test('control: without the override it is denied at once, and there is no glass to break', async () => {
    withRules((rules) =>
      rules.replace(
        'verdict: deny\n  override: break_glass\n  message: Change',
        'verdict: deny\n  message: Change',
      ),
    )
    const request = await ask(world, 'freeze.deploy')

    expect(request).toMatchObject({ state: 'denied', requirement: null })
    await expect(smash(world, request.id, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })
  })

  test('a second denial without the override takes the path away', async () => {
    withRules(
      (rules) =>
        `${rules}- {id: never, description: Never., match: {actions: [freeze.deploy]}, verdict: deny, message: Never.}\n`,
    )
    expect(await ask(world, 'freeze.deploy')).toMatchObject({ state: 'denied', requirement: null })
  })

  test('nobody-can: only people behind it are on the path, so it is denied at once', async () => {
    expect(await ask(world, 'freeze.mine')).toMatchObject({
      state: 'denied',
      requirement: null,
      outcome: 'Frozen.',
    })
  })

  test('a path that asks for a step-up is no path', async () => {
    withRules((rules) =>
      rules.replace('  message: Change', '  break_glass: {step_up: passkey}\n  message: Change'),
    )
    expect(await ask(world, 'freeze.deploy')).toMatchObject({ state: 'denied', requirement: null })
  })
})
