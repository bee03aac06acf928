import { describe, expect, test } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { requestPageSchema } from '../../src/http/requestSchema.ts'
import { click } from '../support/world.ts'
import { deleteBody, exportBody, type House, idIn, openHouse, readBody, withoutPlace } from './house.ts'

async function listed(house: House, query = '', headers = house.key) {
  const { status, body } = await house.call('GET', `/v1/requests${query}`, { headers })
  expect(status).toBe(200)
  const { requests, next } = requestPageSchema.strict().parse(body)
  return { requests, next, ids: requests.map(({ id }) => id) }
}

async function asked(house: House, ...bodies: readonly (typeof exportBody | typeof readBody)[]) {
  const ids: string[] = []
  for (const body of bodies) ids.unshift(idIn(await house.submit(body)))
  return ids
}

describe('a list of requests', () => {
  test('has what the agent asked for, newest first, as looking shows it', async () => {
    const house = await openHouse()
    const [read = '', exported = ''] = await asked(house, exportBody, readBody)
    await click(house, exported, 'U0BOB')

    const { requests, next } = await listed(house)

    const shown = await Promise.all(
      [read, exported].map(async (id) => withoutPlace((await house.call('GET', `/v1/requests/${id}`)).body)),
    )
    expect(requests).toEqual(shown)
    expect(next).toBeNull()
  })

  test('has nothing of another agent', async () => {
    const house = await openHouse()
    await asked(house, exportBody)
    const lee = { email: 'lee@acme.test' }
    const other = await addAgent(house.ports, { name: 'other', owner: lee, by: lee, via: 'test' })
    const key = { authorization: `Bearer ${other.credential}` }

    expect((await listed(house, '', key)).ids).toEqual([])
    expect((await listed(house)).ids, 'control: the agent that asked').toHaveLength(1)
  })

  test('can be of some states, and of one action', async () => {
    const house = await openHouse()
    const [deleted, second = '', read, first] = await asked(
      house,
      exportBody,
      readBody,
      exportBody,
      deleteBody as never,
    )
    await house.call('POST', `/v1/requests/${second}/cancel`)

    expect((await listed(house, '?state=pending')).ids).toEqual([first])
    expect((await listed(house, '?state=approved&state=cancelled&state=approved')).ids).toEqual([
      second,
      read,
    ])
    expect((await listed(house, '?action=db.export')).ids).toEqual([second, first])
    expect((await listed(house, '?action=db.export&state=cancelled')).ids).toEqual([second])
    expect((await listed(house, '?state=denied')).ids).toEqual([deleted])
    expect((await listed(house, '?action=nobody.asks')).ids).toEqual([])
  })

  test('comes in pages, each with the address of the next, which keeps the filters', async () => {
    const house = await openHouse()
    const ids = await asked(house, readBody, exportBody, readBody, readBody, readBody, readBody)
    const reads = ids.filter((_, nth) => nth !== 4)

    const pages = []
    let query: string | null = '?action=repo.read&limit=2'
    while (query !== null) {
      const page: Awaited<ReturnType<typeof listed>> = await listed(house, query)
      pages.push(page.ids)
      query = page.next && new URL(page.next).search
    }

    expect(pages.flat()).toEqual(reads)
    expect(pages.slice(0, 2).map(({ length }) => length)).toEqual([2, 2])
  })

  test.each([
    ['?stat=pending', /^stat: There is no such parameter/],
    ['?__proto__=1', /^__proto__: There is no such parameter/],
    ['?agent=other', /^agent: There is no such parameter/],
    ['?state=open', /^state: The states are pending, /],
    ['?state=', /^state: /],
    ['?state=pending&state=open', /^state: /],
    ['?action=', /^action: /],
    ['?action=a&action=b', /^action: This may stand here once/],
    ['?limit=0', /^limit: /],
    ['?limit=101', /^limit: /],
    ['?limit=1e1', /^limit: /],
    ['?limit=', /^limit: /],
    ['?after=', /^after: /],
    ['?after=cmVxX3g', /^after: /],
    [`?after=req_${'0'.repeat(26)}`, /^after: /],
  ])('%s is refused', async (query, detail) => {
    const house = await openHouse()

    const { status, body } = await house.call('GET', `/v1/requests${query}`)

    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '', detail: expect.stringMatching(detail) }],
    })
  })
})
