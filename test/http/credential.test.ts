import { expect, test } from 'vitest'
import { executing } from '../approvals/leases/leaseWorld.ts'
import { doubleTarget } from '../issuers/doubleTarget.ts'
import { doubleGitHub, githubAt } from '../issuers/github/doubleGitHub.ts'
import { toTheTargetsTime } from '../issuers/mortal.ts'
import { type HouseOptions, openHouse } from './house.ts'

async function housed(options: HouseOptions = {}) {
  const target = doubleTarget()
  const house = await openHouse({ targets: [target], ...options })
  const { id } = await executing(house)
  const ask = (body?: object) =>
    house.call('POST', `/v1/requests/${id}/credential`, {
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  return { target, house, id, ask }
}

test('the answer has the credential, once, and no log has it', async () => {
  const { house, ask } = await housed()

  const first = await ask()
  const second = await ask()

  expect(first.status).toBe(201)
  expect(first.headers.get('cache-control')).toBe('no-store')
  expect(first.body).toMatchObject({
    lease: expect.stringMatching(/^lse_/),
    issuer: 'double',
    target: 'warehouse',
    credential: { secret: expect.stringMatching(/^the secret of lse_/) },
    ends: 'at once',
  })
  expect(second).toMatchObject({ status: 409, body: { code: 'credential_out' } })
  expect(second.text).not.toContain('the secret of')
  expect(house.log()).not.toContain('the secret of')
})

test('an agent whose answer was lost says so', async () => {
  const { target, ask } = await housed()
  await ask({})

  const again = await ask({ again: true })

  expect(again.status).toBe(201)
  expect(target.there.size).toBe(1)
})

test.each([
  [{ target: '' }, '/target'],
  [{ again: 'yes' }, '/again'],
  [{ sql: 'GRANT ALL' }, '/sql'],
])('a body %j is refused with its place', async (body, pointer) => {
  const { target, ask } = await housed()

  expect(await ask(body)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } })
  expect(target.asked).toEqual([])
})

test('without targets there is none', async () => {
  const { ask } = await housed({ targets: [] })

  expect(await ask()).toMatchObject({ status: 409, body: { code: 'no_credential' } })
})

test('a target that does not answer is 503, and says no more than that', async () => {
  const { target, house, ask } = await housed()
  target.next.push('deaf')

  const reply = await ask()

  expect(reply).toMatchObject({ status: 503, body: { code: 'target_unavailable' } })
  expect(reply.headers.get('retry-after')).toBe('1')
  expect(reply.text).not.toContain('nothing answers')
  expect(house.log()).toContain('nothing answers')
})

test('github: a rate limit is passed on as Retry-After; the token is in one answer, and no log has it or what got it', async () => {
  const github = await doubleGitHub()
  const house = await openHouse({ targets: [githubAt(github.url)] })
  toTheTargetsTime(house)
  const { id } = await executing(house)
  const ask = () => house.call('POST', `/v1/requests/${id}/credential`)
  github.next.push('limited', 401)

  const [limited, refused, given] = [await ask(), await ask(), await ask()]

  expect(limited).toMatchObject({ status: 503, body: { code: 'target_unavailable' } })
  expect(limited.headers.get('retry-after')).toBe('7')
  expect(refused).toMatchObject({ status: 409, body: { code: 'target_refused' } })
  expect(given).toMatchObject({
    status: 201,
    body: { ends: 'at once', credential: { token: 'ghs_1', repository: 'acme/website', api: github.url } },
  })
  expect(house.log()).toContain('GitHub answered 401')
  expect(house.log()).not.toMatch(/ghs_|eyJ|PRIVATE KEY|repeats/)
})
