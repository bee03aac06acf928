import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { withdraw } from '../../src/approvals/withdraw.ts'
import { outcomeOf } from '../../src/core/outcome.ts'
import {
  both,
  declare,
  ends,
  released,
  rollbackWorld,
  runs,
  statesOf,
  undoing,
} from '../support/rollbackWorld.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, attemptBy, click } from '../support/world.ts'
import { smash } from './emergency.ts'
import { requestIn } from './grants/granted.ts'

let { store, world } = await rollbackWorld()
beforeEach(async () => {
  ;({ store, world } = await rollbackWorld())
})

describe('a rollback that is declared with its action', () => {
  test('is a request of its own, made in the same commit, in the same set', async () => {
    const { first, rollback } = await declare(world, 'db.export', 'table.drop')

    expect([first.state, rollback.state]).toEqual(['pending', 'pending'])
    expect(rollback).toMatchObject({
      rollsBack: first.id,
      behind: first.behind,
      set: { id: first.set?.id, card: first.id },
      expiresAt: first.expiresAt,
      createdAt: first.createdAt,
    })
    expect(first.set).toEqual({ id: rollback.set?.id, card: first.id })
    expect(rollback.digest).not.toBe(first.digest)
    expect(first.digest).toBe((await ask(world, 'db.export')).digest)
    expect((await store.entries(rollback.id)).map(({ type }) => type)).toEqual(['request.submitted'])
    const jobs = [...store.jobs.keys()].filter((key) => key.includes(rollback.id))
    expect(jobs).toEqual([])
  })

  test('asks for what both ask for: every vote counts for both, and all of them release both', async () => {
    const { first } = await declare(world, 'db.export', 'table.drop')
    expect(first.requirement?.legs.map(({ name }) => name)).toEqual(['data', 'security', 'platform'])

    await click(world, first.id, 'U0BOB')
    await click(world, first.id, 'U0SAM')
    expect(await statesOf(world, first.id)).toEqual(['pending', 'pending'])
    const voted = await both(world, first.id)
    expect(voted.rollback.decisions).toEqual(voted.first.decisions)

    await click(world, first.id, 'U0GRACE')
    expect(await statesOf(world, first.id)).toEqual(['approved', 'approved'])
    expect((await store.entries(voted.rollback.id)).at(-1)).toMatchObject({
      type: 'request.approved',
      data: { outcome: 'approved', first: first.id },
    })
  })

  test('control: alone, the action needs nobody for its rollback', async () => {
    const { id } = await ask(world, 'db.export')
    await click(world, id, 'U0BOB')

    expect((await click(world, id, 'U0SAM')).request.state).toBe('approved')
  })

  test('is decided nowhere else', async () => {
    const { first, rollback } = await declare(world, 'db.export', 'table.drop')

    for (const kind of ['approve', 'deny'] as const)
      await expect(click(world, rollback.id, 'U0GRACE', { kind })).rejects.toMatchObject({
        code: 'decided_together',
      })
    expect(await statesOf(world, first.id)).toEqual(['pending', 'pending'])
  })

  test('is taken back nowhere else', async () => {
    const { first, rollback } = await declare(world, 'db.export', 'table.drop')
    await click(world, first.id, 'U0GRACE')
    const withdrawn = { ...attemptBy(rollback.id, 'U0GRACE'), reason: null }

    await expect(withdraw(world.ports, withdrawn)).rejects.toMatchObject({ code: 'decided_together' })

    const now = await both(world, first.id)
    expect([now.first, now.rollback].map(({ decisions }) => decisions.map(({ ended }) => ended))).toEqual([
      [undefined],
      [undefined],
    ])
  })

  const endings = {
    denied: (id: string) => click(world, id, 'U0GRACE', { kind: 'deny' }),
    expired: async (id: string) => {
      world.clock.advance(3_601)
      await expire(world.ports, id)
    },
    cancelled: (id: string) => cancel(world.ports, { request: id, agent: world.agent.agent, via: 'api' }),
  }

  test.each(['denied', 'expired', 'cancelled'] as const)(
    'ends when its action is %s, in one commit',
    async (how) => {
      const { first, rollback } = await declare(world, 'deploy.start', 'table.drop')

      await endings[how](first.id)

      expect(await statesOf(world, first.id)).toEqual([how, 'cancelled'])
      expect(outcomeOf(await requestIn(store, rollback.id))).toBe('nothing_to_undo')
      const entries = store.ledger.filter(({ request }) => request === first.id || request === rollback.id)
      expect(entries.slice(-2).map(({ type, request }) => [type, request === rollback.id])).toEqual([
        [`request.${how}`, false],
        ['request.cancelled', true],
      ])
    },
  )

  test('can be cancelled alone, and its action goes on', async () => {
    const { first, rollback } = await declare(world, 'deploy.start', 'table.drop')

    await endings.cancelled(rollback.id)
    await click(world, first.id, 'U0GRACE')

    expect(await statesOf(world, first.id)).toEqual(['approved', 'cancelled'])
  })

  test('that policy allows is released at once, and ends when its action is denied', async () => {
    const { first } = await declare(world, 'deploy.start', 'repo.read')
    expect(await statesOf(world, first.id)).toEqual(['pending', 'approved'])
    expect(first.requirement?.legs).toHaveLength(1)

    await click(world, first.id, 'U0GRACE', { kind: 'deny' })

    expect(await statesOf(world, first.id)).toEqual(['denied', 'revoked'])
    expect((await both(world, first.id)).rollback).toMatchObject({ revokedBy: 'first' })
  })

  test('that policy asks about, of an action that it allows, has a card of its own', async () => {
    const { first, rollback } = await declare(world, 'repo.read', 'table.drop')

    expect(await statesOf(world, first.id)).toEqual(['approved', 'pending'])
    expect(rollback.set?.card).toBe(rollback.id)
    expect([...store.jobs.keys()]).toContain(`announce:${rollback.id}`)
    expect((await click(world, rollback.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('that policy denies is denied, and its action is judged alone', async () => {
    const { first } = await declare(world, 'db.export', 'audit.delete')

    expect(await statesOf(world, first.id)).toEqual(['pending', 'denied'])
    expect(first.requirement?.legs.map(({ name }) => name)).toEqual(['data', 'security'])
  })

  test('of an action that policy denies is not made: nothing will be there to undo', async () => {
    const { id, state, set } = await ask(world, 'audit.delete', { rollback: undoing('table.drop') })

    expect([state, set]).toEqual(['denied', undefined])
    expect(await store.rollbacksOf([id])).toEqual([])
  })

  test('that only an emergency could lift is denied: a glass is broken for one action', async () => {
    const { first } = await declare(world, 'deploy.start', 'freeze.deploy')

    expect(await statesOf(world, first.id)).toEqual(['pending', 'denied'])
  })

  test('ends when one person lets its action through alone', async () => {
    const { first } = await declare(world, 'host.reboot', 'table.drop')

    await smash(world, first.id, 'U0GRACE')

    expect(await statesOf(world, first.id)).toEqual(['approved', 'cancelled'])
  })

  test('is live: another rollback cannot be asked for beside it, and can when it has failed', async () => {
    const { first, rollback } = await released(world)
    await runs(world, first)
    await ends(world, first, 'succeeded')
    const again = () => ask(world, 'table.drop', { rollsBack: first.id })
    await expect(again()).rejects.toMatchObject({ code: 'rollback_exists' })

    await runs(world, rollback)
    await ends(world, rollback, 'failed')

    expect(await again()).toMatchObject({ state: 'pending' })
  })
})

describe('at the release', () => {
  test('drift: a rollback that the policy of now denies is denied, and its action released', async () => {
    const { first } = await declare(world, 'deploy.start', 'table.drop')
    world.setPolicy(
      testBundle({
        ...bundleFiles,
        'rules/more.yaml':
          '- {id: drop, description: Tables stay., match: {actions: [table.drop]}, verdict: deny}\n',
      }),
    )

    await click(world, first.id, 'U0GRACE')

    expect(await statesOf(world, first.id)).toEqual(['approved', 'denied'])
    expect(outcomeOf((await both(world, first.id)).rollback)).toBe('denied_by_policy')
  })

  test('a stop that covers only the rollback holds both', async () => {
    const { first } = await declare(world, 'deploy.start', 'table.drop')
    await makeStop(world.ports, {
      what: { kind: 'action', pattern: 'table.*' },
      reason: 'Look first.',
      by: { kind: 'system', id: 'operator', via: 'cli' },
    })

    await expect(click(world, first.id, 'U0GRACE')).rejects.toMatchObject({ code: 'stopped' })

    expect(await statesOf(world, first.id)).toEqual(['pending', 'pending'])
    await expect(declare(world, 'deploy.start', 'table.drop')).rejects.toMatchObject({ code: 'stopped' })
  })
})

describe('refused at submission, with its place', () => {
  const at = (pointer: string) => ({ code: 'invalid_request', problems: [{ pointer }] })

  const asking = (id: string, action: string, ...legs: readonly string[]) => `
- id: ${id}
  description: Many are asked.
  match: {actions: [${action}]}
  verdict: require_approval
  require:
    approvals: [${legs.map((from, nth) => `{name: ${id}${nth}, from: [${from}], count: 1}`).join(', ')}]
`

  test('what both ask for is more than can be asked', async () => {
    const [three, four] = [
      asking('one', 'deploy.start', 'group:platform-leads', 'user:omar', 'user:bob'),
      asking('other', 'table.drop', 'group:security', 'group:data-owners', 'group:iam-admins', 'owner'),
    ]
    world.setPolicy(testBundle({ ...bundleFiles, 'rules/more.yaml': three + four }))
    for (const alone of ['deploy.start', 'table.drop'])
      expect((await ask(world, alone)).state).toBe('pending')

    await expect(declare(world, 'deploy.start', 'table.drop')).rejects.toMatchObject(at('/rollback'))
  })

  test('what does not fit one view together', async () => {
    const rollback = undoing('table.drop', { statement: 'DELETE 1; '.repeat(900) })

    await expect(ask(world, 'deploy.start', { rollback })).rejects.toMatchObject(at('/rollback'))
    // Control: alone, so much can be asked.
    expect(await ask(world, 'deploy.start', { action: rollback })).toMatchObject({ state: 'pending' })
  })

  test('a rollback of a rollback, and what only commands ask for', async () => {
    const { first } = await released(world)
    await runs(world, first)
    await ends(world, first, 'succeeded')

    const twice = ask(world, 'table.drop', { rollsBack: first.id, rollback: undoing('table.drop') })
    await expect(twice).rejects.toMatchObject({ code: 'rollback_exists' })
    await expect(declare(world, 'deploy.start', 'policy.activate')).rejects.toMatchObject(
      at('/rollback/action'),
    )
  })
})
