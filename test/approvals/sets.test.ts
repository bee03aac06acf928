import { beforeEach, describe, expect, test } from 'vitest'
import { cancel } from '../../src/approvals/cancel.ts'
import { expire } from '../../src/approvals/expire.ts'
import { revokeAgent } from '../../src/approvals/people/agents.ts'
import { makeStop } from '../../src/approvals/stops/make.ts'
import type { SetSubmission } from '../../src/approvals/submission.ts'
import { rollbackWorld } from '../support/rollbackWorld.ts'
import { actionOn, askTogether, clickAll, requestsIn, statesIn } from '../support/setWorld.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click } from '../support/world.ts'

let { store, world } = await rollbackWorld()
beforeEach(async () => {
  ;({ store, world } = await rollbackWorld())
})

const jobsOf = (id: string) => [...store.jobs.keys()].filter((key) => key.includes(id))

describe('what is asked together', () => {
  test('is a request each, in one set, with its own verdict: what is allowed is released, what is denied is denied', async () => {
    const set = await askTogether(world, ['repo.read', 'deploy.start', 'audit.delete', 'table.drop'])

    expect(await statesIn(world, set)).toEqual(['approved', 'pending', 'denied', 'pending'])
    const [read, deploy, audit, drop] = await requestsIn(world, set)
    expect(new Set([read, deploy, audit, drop].map((one) => one?.set?.id))).toEqual(new Set([set.id]))
    expect([deploy, drop].map((one) => one?.set?.card)).toEqual([deploy?.id, deploy?.id])
    expect([read, audit].map((one) => one?.set?.card)).toEqual([read?.id, audit?.id])
    expect(new Set([read, deploy, audit, drop].map((one) => one?.digest)).size).toBe(4)
  })

  test('is asked on one card, until one deadline, and each keeps whom it asks', async () => {
    const set = await askTogether(world, ['deploy.start', 'host.reboot'])

    const [deploy, reboot] = await requestsIn(world, set)
    expect(jobsOf(deploy?.id ?? '')).toEqual(
      expect.arrayContaining([`announce:${deploy?.id}`, `expire:${deploy?.id}`]),
    )
    expect(jobsOf(reboot?.id ?? '')).toEqual([`expire:${reboot?.id}`, `remind:${reboot?.id}:0`])
    expect(deploy?.expiresAt).toBe(reboot?.expiresAt)
    expect(Date.parse(deploy?.expiresAt ?? '') - Date.parse(deploy?.createdAt ?? '')).toBe(30 * 60_000)
    expect(deploy?.requirement?.legs.map(({ name, count }) => [name, count])).toEqual([['platform', 1]])
    expect(reboot?.requirement?.legs.map(({ name, count }) => [name, count])).toEqual([['security', 2]])
  })

  test('is told by its entries', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])

    const submitted = store.ledger.filter(({ type }) => type === 'request.submitted')
    expect(submitted.slice(-2).map(({ data }) => data.set)).toEqual([set.id, set.id])
  })

  test('is made once under its key, however often it is sent', async () => {
    const by = { idempotencyKey: 'again', bodyDigest: 'sha256:same' } as const
    const first = await askTogether(world, ['deploy.start', 'table.drop'], { by })

    const again = await askTogether(world, ['deploy.start', 'table.drop'], { by })

    expect([first.created, again.created]).toEqual([true, false])
    expect(again.id).toBe(first.id)
    expect(again.requests.map(({ id }) => id)).toEqual(first.requests.map(({ id }) => id))
    const other = askTogether(world, ['deploy.start'], { by: { ...by, bodyDigest: 'sha256:other' } })
    await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' })
  })

  test('a denial that a broken glass could lift stands: a glass is broken for one action', async () => {
    expect(await statesIn(world, await askTogether(world, ['deploy.start', 'freeze.deploy']))).toEqual([
      'pending',
      'denied',
    ])
  })

  test('each counts towards what may wait: too many are refused, all of them', async () => {
    const many = (count: number) => Array.from({ length: count }, () => 'deploy.start')
    await ask(world, 'table.drop')

    await expect(askTogether(world, many(20))).rejects.toMatchObject({ code: 'too_many_pending' })

    expect(await store.requests({ states: ['pending'], limit: 50 })).toHaveLength(1)
    expect((await askTogether(world, many(19))).created).toBe(true)
  })
})

describe('refused, all of it, with the place', () => {
  const at = (pointer: string, code = 'invalid_request') => ({
    code,
    problems: [expect.objectContaining({ pointer })],
  })
  const nothingMade = async () => expect(await store.requests({ limit: 10 })).toEqual([])

  test('more than twenty, and control: twenty are asked', async () => {
    const many = (count: number) => Array.from({ length: count }, () => 'repo.read')

    await expect(askTogether(world, many(21))).rejects.toMatchObject(at('/requests'))
    await expect(askTogether(world, [])).rejects.toMatchObject(at('/requests'))
    await nothingMade()
    expect(await statesIn(world, await askTogether(world, many(20)))).toHaveLength(20)
  })

  test('twenty fit one card', async () => {
    const many = Array.from({ length: 20 }, () => 'deploy.start')

    expect(new Set(await statesIn(world, await askTogether(world, many)))).toEqual(new Set(['pending']))
  })

  test('the same action twice: nobody could tell the lines apart', async () => {
    const one = { action: actionOn('deploy.start', 'warehouse.users'), involved: [] }

    await expect(askTogether(world, [one, 'repo.read', one])).rejects.toMatchObject(at('/requests/2'))
    await nothingMade()
  })

  test('what does not fit one card, from the first member on that is too much', async () => {
    const long = (nth: number) => ({
      action: actionOn('deploy.start', `warehouse.t${nth}`, { text: `${nth} ${'word '.repeat(200)}` }),
      involved: [],
    })

    await expect(askTogether(world, [0, 1, 2, 3, 4, 5].map(long))).rejects.toMatchObject(at('/requests/3'))
    await nothingMade()
    expect((await askTogether(world, [0, 1, 2].map(long))).created).toBe(true)
  })

  test('what fits no card by itself', async () => {
    const long = {
      action: actionOn('deploy.start', 'warehouse.t', { text: 'word '.repeat(1_200) }),
      involved: [],
    }

    await expect(askTogether(world, ['table.drop', long])).rejects.toMatchObject(at('/requests/1'))
    // Control: alone, it is asked, and read in pages.
    expect((await ask(world, 'deploy.start', { action: long.action })).state).toBe('pending')
  })

  test('more people than can be asked at once', async () => {
    const asking = (nth: number, from: string) => `
- {id: many.${nth}, description: Many., match: {actions: [many.${nth}]}, verdict: require_approval,
   require: {approvals: [{name: leg${nth}, from: [${from}], count: 1}]}}
`
    const from = [
      'group:platform-leads',
      'group:security',
      'group:data-owners',
      'group:iam-admins',
      'group:incident-commanders',
      'user:bob',
      'user:omar',
    ]
    const files = {
      ...bundleFiles,
      'actions.yaml': `${bundleFiles['actions.yaml']}${from.map((_, nth) => `  many.${nth}: {effect: write, params: open}\n`).join('')}`,
      'rules/more.yaml': from.map((one, nth) => asking(nth, one)).join(''),
    }
    world.setPolicy(testBundle(files))
    const actions = from.map((_, nth) => `many.${nth}`)

    await expect(askTogether(world, actions)).rejects.toMatchObject(at('/requests/6'))
    await nothingMade()
    expect(await statesIn(world, await askTogether(world, actions.slice(0, 6)))).toHaveLength(6)
  })

  test('a member with nobody of that name, a look-alike, a stop, and what only commands ask for', async () => {
    const members = (second: Partial<SetSubmission['members'][number]>) => [
      'repo.read',
      { action: actionOn('deploy.start', 'warehouse.users'), involved: [], ...second },
    ]

    const nobody = askTogether(world, members({ involved: [{ email: 'nobody@acme.test' }] }))
    await expect(nobody).rejects.toMatchObject(at('/requests/1/involved/0', 'unknown_person'))
    const forged = askTogether(world, members({ action: actionOn('policy.activate', 'bundle') }))
    await expect(forged).rejects.toMatchObject(at('/requests/1/action'))
    await makeStop(world.ports, {
      what: { kind: 'action', pattern: 'deploy.*' },
      reason: 'Look first.',
      by: { kind: 'system', id: 'operator', via: 'cli' },
    })
    await expect(askTogether(world, members({}))).rejects.toMatchObject(at('/requests/1', 'stopped'))
    await nothingMade()
  })
})

describe('a member by itself', () => {
  test('is cancelled, and the others wait', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop', 'node.drain'])
    const [first] = set.requests

    await cancel(world.ports, { request: first?.id ?? '', agent: world.agent.agent, via: 'api' })

    expect(await statesIn(world, set)).toEqual(['cancelled', 'pending', 'pending'])
  })

  test('is decided by its own id, and the others wait', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])

    await click(world, set.requests[1]?.id ?? '', 'U0GRACE')

    expect(await statesIn(world, set)).toEqual(['pending', 'approved'])
  })

  test('expires like any other, each by its own deadline, which is that of all', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    world.clock.advance(3_601)

    for (const { id } of set.requests) await expire(world.ports, id)

    expect(await statesIn(world, set)).toEqual(['expired', 'expired'])
  })

  test('what moves it shows on the card of the set', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    const [first, second] = set.requests

    await click(world, second?.id ?? '', 'U0GRACE')

    expect(jobsOf(first?.id ?? '')).toContain(`refresh:${first?.id}:anew`)
  })

  test('is cancelled with its agent', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    const by = { email: 'lee@acme.test' }
    await revokeAgent(world.ports, { name: 'billing-agent', by, via: 'test' })

    await expect(clickAll(world, set, 'U0GRACE')).rejects.toMatchObject({ code: 'wrong_state' })

    expect(await statesIn(world, set)).toEqual(['cancelled', 'cancelled'])
  })
})
