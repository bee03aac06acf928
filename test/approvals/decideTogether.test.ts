import { beforeEach, describe, expect, test } from 'vitest'
import { makeStop } from '../../src/approvals/stops/make.ts'
import { factsOf } from '../../src/card/facts.ts'
import { digestOf } from '../../src/core/digest.ts'
import { rollbackWorld } from '../support/rollbackWorld.ts'
import { actionOn, askTogether, clickAll, requestsIn, statesIn } from '../support/setWorld.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, attemptBy, click } from '../support/world.ts'

let { store, world } = await rollbackWorld()
beforeEach(async () => {
  ;({ store, world } = await rollbackWorld())
})

const entriesSince = (count: number) => store.ledger.slice(count).map(({ type, request }) => [type, request])

describe('one decision for all lines of a card', () => {
  test('is a decision on each, with what was seen of it, in one commit', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop', 'node.drain'])
    // Whoever is seen for the first time is added.
    await click(world, (await ask(world, 'deploy.start')).id, 'U0GRACE')
    const before = store.ledger.length

    const { declined } = await clickAll(world, set, 'U0GRACE')

    expect(declined).toBeUndefined()
    expect(await statesIn(world, set)).toEqual(['approved', 'approved', 'approved'])
    for (const one of await requestsIn(world, set)) {
      const seen = digestOf('countersign/seen/v2', { text: factsOf(one).text })
      expect(one.decisions).toMatchObject([{ person: expect.stringMatching(/^per_/), kind: 'approve', seen }])
      expect(one.version).toBe(2)
    }
    expect(entriesSince(before)).toEqual(
      set.requests.flatMap(({ id }) => [
        ['decision.made', id],
        ['request.approved', id],
      ]),
    )
  })

  test('denies all, and each cools down', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])

    await clickAll(world, set, 'U0GRACE', { kind: 'deny', reason: 'Not today.' })

    expect(await statesIn(world, set)).toEqual(['denied', 'denied'])
    for (const { action } of set.requests)
      expect(await ask(world, action.action, { action })).toMatchObject({
        state: 'denied',
        verdict: { code: 'cooling_down' },
      })
  })

  test('counts once, however often the click is delivered', async () => {
    const set = await askTogether(world, ['iam.change', 'table.drop'])
    const delivery = 'the same click'
    await clickAll(world, set, 'U0GRACE', { delivery, lines: [0, 1] })

    expect(await clickAll(world, set, 'U0GRACE', { delivery, lines: [0, 1] })).toMatchObject({
      repeated: true,
    })

    expect(await statesIn(world, set)).toEqual(['pending', 'approved'])
  })

  test('acts on the lines that the card had listed, and on no others', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop', 'node.drain'])

    await clickAll(world, set, 'U0GRACE', { lines: [0, 2] })

    expect(await statesIn(world, set)).toEqual(['approved', 'pending', 'approved'])
  })

  test('what was decided since the card was drawn is declined, and the others count', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    await clickAll(world, set, 'U0GRACE', { lines: [0], kind: 'deny', reason: 'Not this one.' })

    const { declined } = await clickAll(world, set, 'U0NOOR', { lines: [0, 1] })

    expect(declined).toMatchObject([{ line: 1, refusal: { code: 'wrong_state' } }])
    expect(await statesIn(world, set)).toEqual(['denied', 'approved'])
  })

  test('names only lines of its card', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    const other = await ask(world, 'node.drain')

    const together = [set.requests[0], other].map((one) => ({ request: one?.id ?? '', seen: '' }))
    await expect(clickAll(world, set, 'U0GRACE', { together })).rejects.toMatchObject({
      code: 'foreign_payload',
    })

    expect(await statesIn(world, set)).toEqual(['pending', 'pending'])
    expect((await store.request(other.id))?.state).toBe('pending')
  })
})

describe('each line is judged by itself', () => {
  test('own-request: whoever is behind one of them does not approve that with all', async () => {
    const set = await askTogether(world, [
      { action: actionOn('deploy.start', 'warehouse.a'), involved: [{ email: 'grace@acme.test' }] },
      { action: actionOn('deploy.start', 'warehouse.b'), involved: [] },
    ])

    const { declined } = await clickAll(world, set, 'U0GRACE')

    expect(declined).toMatchObject([{ line: 1, refusal: { code: 'own_request' } }])
    expect(await statesIn(world, set)).toEqual(['pending', 'approved'])
    const refused = store.ledger.filter(({ type }) => type === 'decision.refused')
    expect(refused).toMatchObject([{ request: set.requests[0]?.id, data: { code: 'own_request' } }])
    expect([...store.jobs.keys()]).toContain(`attempts:${set.requests[0]?.id}`)
  })

  test('control: whoever is behind none approves both', async () => {
    const set = await askTogether(world, [
      { action: actionOn('deploy.start', 'warehouse.a'), involved: [{ email: 'grace@acme.test' }] },
      { action: actionOn('deploy.start', 'warehouse.b'), involved: [] },
    ])

    await clickAll(world, set, 'U0NOOR')

    expect(await statesIn(world, set)).toEqual(['approved', 'approved'])
  })

  test('whoever is not asked about one of them does not decide it', async () => {
    const set = await askTogether(world, ['deploy.start', 'secret.read'])

    const { declined } = await clickAll(world, set, 'U0GRACE', {
      reason: 'INC-42 needs it',
      typed: ['warehouse.t1'],
    })

    expect(declined).toMatchObject([{ line: 2, refusal: { code: 'not_in_leg' } }])
    expect(await statesIn(world, set)).toEqual(['approved', 'pending'])
  })

  test('whoever is asked about none is refused, and each refusal is recorded', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])

    await expect(clickAll(world, set, 'U0OMAR')).rejects.toMatchObject({ code: 'not_in_leg' })

    expect(await statesIn(world, set)).toEqual(['pending', 'pending'])
    const refused = store.ledger.filter(({ type }) => type === 'decision.refused')
    expect(refused.map(({ request }) => request)).toEqual(set.requests.map(({ id }) => id))
  })

  test('brings what each wants: its own texts, typed, and a reason', async () => {
    const set = await askTogether(world, ['secret.read', 'secret.read'])
    const reason = 'INC-42 needs both'
    const typed = ['warehouse.t0', 'warehouse.t1']

    const half = await clickAll(world, set, 'U0SAM', { reason, typed: ['warehouse.t0', 'another'] })
    expect(half.declined).toMatchObject([{ line: 2, refusal: { code: 'confirmation_wrong' } }])
    expect(await statesIn(world, set)).toEqual(['approved', 'pending'])

    await clickAll(world, set, 'U0PRIYA', { reason, typed: ['warehouse.t1'] })
    expect(await statesIn(world, set)).toEqual(['approved', 'approved'])
    expect((await requestsIn(world, set)).map(({ decisions }) => decisions[0]?.typed)).toEqual([
      [typed[0]],
      [typed[1]],
    ])
  })

  test('a stop that covers one of them holds that one', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    await makeStop(world.ports, {
      what: { kind: 'action', pattern: 'table.*' },
      reason: 'Look first.',
      by: { kind: 'system', id: 'operator', via: 'cli' },
    })

    const { declined } = await clickAll(world, set, 'U0GRACE')

    expect(declined).toMatchObject([{ line: 2, refusal: { code: 'stopped' } }])
    expect(await statesIn(world, set)).toEqual(['approved', 'pending'])
  })

  test('drift: what the policy of now denies is denied at the release, and the others are released', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    const drop = '- {id: drop, description: Tables stay., match: {actions: [table.drop]}, verdict: deny}\n'
    world.setPolicy(testBundle({ ...bundleFiles, 'rules/more.yaml': drop }))

    await clickAll(world, set, 'U0GRACE')

    expect(await statesIn(world, set)).toEqual(['approved', 'denied'])
  })

  test('where the directory is silent nothing is decided, and the click is not spent', async () => {
    const set = await askTogether(world, ['deploy.start', 'table.drop'])
    const delivery = 'a click in a bad moment'
    world.directory.down = true
    await expect(clickAll(world, set, 'U0GRACE', { delivery })).rejects.toMatchObject({
      code: 'identity_unknown',
    })

    world.directory.down = false
    await clickAll(world, set, 'U0GRACE', { delivery })

    expect(await statesIn(world, set)).toEqual(['approved', 'approved'])
  })

  test('where it cannot be known of one line whether they may, nothing is decided, and the click is not spent', async () => {
    const set = await askTogether(world, ['deploy.start', 'secret.read'])
    const delivery = 'a click while a group cannot be read'
    world.directory.unreadable.add('S0SECURITY')
    const again = () => clickAll(world, set, 'U0GRACE', { delivery })
    await expect(again()).rejects.toMatchObject({ code: 'identity_unknown' })
    expect(await statesIn(world, set)).toEqual(['pending', 'pending'])

    world.directory.unreadable.clear()
    expect((await again()).declined).toMatchObject([{ line: 2, refusal: { code: 'not_in_leg' } }])
    expect(await statesIn(world, set)).toEqual(['approved', 'pending'])
  })

  test('two people at once: each request has each vote once, and is released when its legs are filled', async () => {
    const set = await askTogether(world, ['host.reboot', 'deploy.start', 'host.reboot'])

    await Promise.all(['U0SAM', 'U0PRIYA'].map((user) => clickAll(world, set, user)))
    await clickAll(world, set, 'U0GRACE')

    expect(await statesIn(world, set)).toEqual(['approved', 'approved', 'approved'])
    const [first] = await requestsIn(world, set)
    expect(first?.decisions).toHaveLength(2)
  })
})

test('a card of another request decides nothing', async () => {
  const set = await askTogether(world, ['deploy.start', 'table.drop'])
  const other = await ask(world, 'node.drain')
  const card = {
    id: 'crd_other',
    version: 1,
    request: other.id,
    conversation: 'slack:C0APPROVALS',
    status: 'posted',
    message: '1.2',
    shown: 1,
    told: 0,
  } as const
  await store.commit({ cards: [{ expected: null, next: card }], entries: [] })

  const clicked = clickAll(world, set, 'U0GRACE', {
    ...attemptBy(set.requests[0]?.id ?? '', 'U0GRACE'),
    card: card.id,
  })
  await expect(clicked).rejects.toMatchObject({ code: 'foreign_payload' })
})
