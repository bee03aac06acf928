import { beforeEach, describe, expect, test } from 'vitest'
import { lapseUnredeemed } from '../../src/approvals/grants/unredeemed.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { submit } from '../../src/approvals/submit.ts'
import { countedBundle, countedFiles } from '../support/countedBundle.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { ask, click, envelope, submission, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld({ store: memoryStore(), policy: countedBundle() })
})

const refund = (amount = 100) =>
  ask(world, 'refund.create', submission('refund.create', { params: { amount } }))
const payout = (id = 'warehouse.users') =>
  ask(world, 'payout.create', {
    action: { action: 'payout.create', resource: { type: 'table', id }, params: {}, environment: 'prod' },
  })

async function refunds(count: number, amount = 100) {
  const made = []
  for (let nth = 0; nth < count; nth += 1) made.push(await refund(amount))
  return made
}

describe('twenty a day', () => {
  test('the twentieth goes, the twenty-first is asked about, and says why in words', async () => {
    const made = await refunds(20)
    expect(made.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'approved'))
    expect(made.at(-1)?.verdict.facts.budget).toEqual({
      refunds_a_day: { count: 20 },
      euros_a_day: { count: 20, sum: 2_000 },
    })

    const more = await refund()

    expect(more).toMatchObject({ state: 'pending', verdict: { code: 'unmatched' } })
    expect(more.verdict.facts.over).toEqual([
      {
        budget: 'refunds_a_day',
        counts: 'count',
        value: 21,
        limit: 20,
        says: 'This is the 21st in 24 hours for this agent (refunds_a_day); 20 go without a person.',
      },
    ])
  })

  test('control: a bundle whose rule names no budget lets the twenty-first through', async () => {
    const rules = countedFiles['rules/counted.yaml']?.replace(/ {2}when: budget\.refunds.*\n/, '') ?? ''
    world.setPolicy(countedBundle({ 'rules/counted.yaml': rules }))

    expect((await refunds(21)).at(-1)?.state).toBe('approved')
  })

  test('a day is 24 hours back from each request: at their end it goes again, and a moment before it does not', async () => {
    await refunds(20)

    world.clock.advance(86_399)
    expect((await refund()).state).toBe('pending')
    world.clock.advance(1)

    expect((await refund()).state).toBe('approved')
  })

  test('each agent has its own', async () => {
    await refunds(20)
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(world.ports, { name: 'other-agent', owner: lee, by: lee, via: 'test' })

    const { request } = await submit(
      world.ports,
      envelope(world, { agent: other.agent, key: other.key }),
      submission('refund.create', { params: { amount: 100 } }),
    )

    expect(request.state).toBe('approved')
  })

  test('what people let through does not count where only what policy allowed does', async () => {
    await refunds(20)
    const asked = await refund()
    await click(world, asked.id, 'U0GRACE')

    expect((await refund()).verdict.facts.budget).toMatchObject({ refunds_a_day: { count: 21 } })
  })

  test('the same submission again is the same request, counted once', async () => {
    const again = envelope(world)
    const what = submission('refund.create', { params: { amount: 100 } })
    const first = await submit(world.ports, again, what)

    const second = await submit(world.ports, again, what)

    expect([second.request.id, second.created]).toEqual([first.request.id, false])
    expect((await refund()).verdict.facts.budget).toMatchObject({ refunds_a_day: { count: 2 } })
  })
})

describe('a thousand euros a day', () => {
  test('what reaches the sum goes, what passes it is asked about with the sum, and a smaller one goes meanwhile', async () => {
    await refund(60_000)
    const over = await refund(40_001)

    expect(over.state).toBe('pending')
    expect(over.verdict.facts.over).toMatchObject([
      {
        says: 'With this one it is 1,000.01 EUR in 24 hours for this agent (euros_a_day); 1,000.00 EUR go without a person.',
      },
    ])
    expect((await refund(40_000)).state).toBe('approved')
    expect((await refund(1)).state).toBe('pending')
  })

  test.each([0, -500, 1.5, '100'])(
    'an amount of %j fits nothing, so nothing is filled up again',
    async (amount) => {
      const request = await ask(world, 'refund.create', submission('refund.create', { params: { amount } }))

      expect(request).toMatchObject({ state: 'denied', verdict: { code: 'invalid_request' } })
    },
  )
})

describe('per entry of the inventory', () => {
  test('however the id is spelled, what one entry fits counts together', async () => {
    expect((await payout('warehouse.users')).state).toBe('approved')
    expect((await payout('warehouse.orders')).state).toBe('approved')

    expect((await payout('warehouse.third')).state).toBe('pending')
  })

  test('a resource that is in no entry cannot be counted, so people are asked, and hear that it could not be evaluated', async () => {
    const request = await payout('elsewhere.users')

    expect(request.state).toBe('pending')
    expect(request.verdict.errors).toHaveLength(1)
    expect(request.verdict.errors[0]).toContain(
      '`when` of rule payout could not be evaluated and counts as false',
    )
  })

  test('where all count, what people let through does too, and comes back when nobody had a grant of it in time', async () => {
    await payout()
    await payout()
    const asked = await payout()
    await click(world, asked.id, 'U0GRACE')
    expect((await payout()).verdict.facts.budget).toMatchObject({ payouts_a_day: { count: 4 } })

    world.clock.advance(900)
    await lapseUnredeemed(world.ports, asked.id)

    expect((await payout()).verdict.facts.budget).toMatchObject({ payouts_a_day: { count: 3 } })
  })
})

describe('at the moment of release', () => {
  const denying = (when: string) =>
    countedBundle({
      'rules/denied.yaml': `- {id: enough, description: Enough., match: {actions: [payout.create]}, when: '${when}', verdict: deny}\n`,
    })

  test('a rule that has come to deny by a budget counts as it is then, and this one only once', async () => {
    await payout()
    await payout()
    const asked = await payout()

    world.setPolicy(denying('budget.payouts_a_day.count > 3'))
    expect((await click(world, asked.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('control: one more than that is denied', async () => {
    await payout()
    await payout()
    const asked = await payout()
    const other = await payout()
    await click(world, other.id, 'U0GRACE')

    world.setPolicy(denying('budget.payouts_a_day.count > 3'))

    expect((await click(world, asked.id, 'U0GRACE')).request.state).toBe('denied')
  })
})
