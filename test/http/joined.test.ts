import { describe, expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { handOver } from '../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { click } from '../support/world.ts'
import { exportBody, type House, idIn, openHouse, withoutPlace } from './house.ts'

/** A request that Grace and Sam have agreed to, of three who are asked for. */
async function agreedTwice() {
  const house = await openHouse()
  house.setPolicy(
    bundleWithRules((rules) => rules.replace('[group:iam-admins], count: 2', '[group:iam-admins], count: 3')),
  )
  house.directory.groups.set('S0IAM', ['U0GRACE', 'U0SAM', 'U0BOB', 'U0PRIYA'])
  const id = idIn(await house.submit({ ...exportBody, action: 'iam.change' }))
  await click(house, id, 'U0GRACE')
  await click(house, id, 'U0SAM')
  return { house, id }
}

const link = (house: House) =>
  linkAccounts(house.ports, {
    account: { email: 'grace@acme.test' },
    other: { email: 'sam@acme.test' },
    via: 'cli',
  })

async function shown(house: House, id: string) {
  const { body } = await house.call('GET', `/v1/requests/${id}`)
  return requestSchema.strict().parse(body)
}

/** How many seats the card shows as filled. */
async function filledOnCard(house: House, id: string) {
  const request = await house.store.request(id)
  if (!request) throw new Error('it was made')
  return (await viewOf(house.ports, request)).filled.get('iam')?.length
}

describe('vote-outlived: an approval that does not count any more', () => {
  async function agreed() {
    const house = await openHouse()
    const id = idIn(await house.submit(exportBody))
    await click(house, id, 'U0BOB')
    const tag = (await house.call('GET', `/v1/requests/${id}`)).headers.get('etag')
    return { house, id, tag }
  }

  test('is shown as such to the agent as soon as its person is joined with the initiator, with a new ETag', async () => {
    const { house, id, tag } = await agreed()
    await linkAccounts(house.ports, {
      account: { email: 'alice@acme.test' },
      other: { email: 'bob@acme.test' },
      via: 'cli',
    })

    const { decisions, requirement } = await shown(house, id)
    expect(decisions).toMatchObject([{ kind: 'approve', ended: { how: 'lapsed', why: 'behind', at: null } }])
    expect(requirement?.legs[0]?.filled).toBe(0)
    expect((await house.call('GET', `/v1/requests/${id}`)).headers.get('etag')).not.toBe(tag)
  })

  test('is shown as such when its person was given the agent, with a new ETag', async () => {
    const { house, id, tag } = await agreed()
    const by = { email: 'grace@acme.test' }
    const to = { email: 'bob@acme.test' }
    await handOver({ ...house.ports, confirms: false }, { name: 'billing-agent', to, by, via: 'cli' })

    const headers = { 'if-none-match': tag ?? '' }
    expect((await house.call('GET', `/v1/requests/${id}`, { headers })).status).toBe(200)
    expect((await shown(house, id)).decisions).toMatchObject([{ ended: { how: 'lapsed', why: 'behind' } }])
  })

  test('control: as long as nothing is another, the tag is the same', async () => {
    const { house, id, tag } = await agreed()

    const headers = { 'if-none-match': tag ?? '' }
    expect((await house.call('GET', `/v1/requests/${id}`, { headers })).status).toBe(304)
  })

  test('is shown as such when a release found it', async () => {
    const { house, id, tag } = await agreed()
    house.directory.groups.set('S0DATA', [])
    await click(house, id, 'U0SAM')

    const { decisions, requirement } = await shown(house, id)
    expect(decisions).toMatchObject([
      { ended: { how: 'lapsed', why: 'left', at: expect.any(String) } },
      { ended: null },
    ])
    expect(requirement?.legs.map(({ filled }) => filled)).toEqual([0, 1])
    expect((await house.call('GET', `/v1/requests/${id}`)).headers.get('etag')).not.toBe(tag)
  })

  test('control: until then it counts', async () => {
    const { house, id } = await agreed()

    const { decisions, requirement } = await shown(house, id)
    expect(decisions).toMatchObject([{ ended: null }])
    expect(requirement?.legs[0]?.filled).toBe(1)
  })
})

describe('two people who agreed and then turned out to be one', () => {
  test('fill one seat, on the card and for the agent', async () => {
    const { house, id } = await agreedTwice()
    const person = await link(house)

    const { requirement, decisions } = await shown(house, id)
    expect(requirement?.legs).toEqual([{ name: 'iam', count: 3, filled: 1 }])
    expect(await filledOnCard(house, id)).toBe(1)
    expect(decisions.map((one) => one.person)).toEqual([person, person])
  })

  test('control: two people fill two', async () => {
    const { house, id } = await agreedTwice()

    const { requirement, decisions } = await shown(house, id)
    expect(requirement?.legs).toEqual([{ name: 'iam', count: 3, filled: 2 }])
    expect(await filledOnCard(house, id)).toBe(2)
    expect(new Set(decisions.map((one) => one.person)).size).toBe(2)
  })

  test('fill one seat in the answers to asking again and to cancelling, too', async () => {
    const { house } = await agreedTwice()
    const body = { ...exportBody, action: 'iam.change' }
    const once = { 'idempotency-key': 'once' }
    const id = idIn(await house.submit(body, once))
    await click(house, id, 'U0GRACE')
    await click(house, id, 'U0SAM')
    await link(house)

    const again = await house.submit(body, once)
    const cancelled = await house.call('POST', `/v1/requests/${id}/cancel`)
    for (const reply of [again, cancelled])
      expect(reply.body).toMatchObject({ id, requirement: { legs: [{ filled: 1 }] } })
  })

  test('are one in what they ask for afterwards: the owner of the agent is its initiator', async () => {
    const { initiator: _, ...forItsOwner } = exportBody
    const { house } = await agreedTwice()
    const person = await linkAccounts(house.ports, {
      account: { email: 'alice@acme.test' },
      other: { email: 'lee@acme.test' },
      via: 'cli',
    })

    const asked = await house.submit(forItsOwner)
    const { initiator } = requestSchema.strict().parse(asked.body)

    expect(initiator.person).toBe(person)
    expect(await house.store.request(idIn(asked))).toMatchObject({ agent: { owner: person } })
    expect(withoutPlace(await shown(house, idIn(asked)))).toEqual(asked.body)
  })

  test('are news for whoever has the answer from before', async () => {
    const { house, id } = await agreedTwice()
    const look = (tag: string) =>
      house.call('GET', `/v1/requests/${id}`, { headers: { 'if-none-match': tag } })
    const before = (await look('"none"')).headers.get('etag') ?? ''
    expect((await look(before)).status).toBe(304)
    await link(house)

    const after = await look(before)

    expect(after.status).toBe(200)
    expect((await look(after.headers.get('etag') ?? '')).status).toBe(304)
  })
})
