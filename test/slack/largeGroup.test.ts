import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany, refusals } from './company.ts'
import { crowd, globalId, organisation } from './organisation.ts'

let company: Company
afterEach(() => company.close())

const looked = () => company.local.calls.filter((call) => call.method === 'users.info').length
const press = (who: string, at: { conversation: string; ts: string }) =>
  company.local.as(who).press(at, 'approve')

describe.each([
  ['their ids of the workspace', crowd],
  ['their ids of the organisation', crowd.map(globalId)],
])('a group of 141, listed by %s, with a hundred look-ups a minute', (_, listed) => {
  test('two of its last members decide one request after another', async () => {
    company = await openCompany({ seed: organisation({ listed }) })

    for (let nth = 0; nth < 6; nth += 1) {
      const { request, at } = await company.asked('iam.change')
      await press(crowd[139 - nth] ?? '', at)
      await press(crowd[132 - nth] ?? '', at)
      expect(await company.state(request.id)).toBe('approved')
      // The pace of posting is a second for each message.
      company.world.clock.advance(2)
    }
    expect(looked()).toBeLessThan(100)
    expect(refusals(company)).toEqual([])
  })
})

test('a member whom Slack does not know spoils nothing for the others, neither when people are counted', async () => {
  company = await openCompany({ seed: organisation({ listed: ['U0GHOST', 'W0GHOST', ...crowd] }) })

  const { request, at } = await company.asked('iam.change')
  await press(crowd[140] ?? '', at)
  await press(crowd[0] ?? '', at)

  expect(await company.state(request.id)).toBe('approved')
})

test('unknown is nobody: a group of members whom Slack does not know can approve nothing, and that is said at once', async () => {
  company = await openCompany({ seed: organisation({ listed: ['U0GHOST', 'W0GHOST'] }) })

  await expect(company.asked('iam.change')).rejects.toThrow('no card was posted')

  const [request] = await company.store.requests({ limit: 1 })
  expect(request).toMatchObject({ state: 'denied', verdict: { code: 'unsatisfiable' } })
})

test('whoever left the group is refused, and so is everybody once it is disabled', async () => {
  company = await openCompany({ seed: organisation() })
  const [first = '', second = '', third = ''] = crowd
  const { request, at } = await company.asked('iam.change')
  await press(first, at)
  company.local.directory.removeFromGroup('S0IAM', second)
  await company.local.idle()

  await press(second, at)
  await eventually(() => expect(refusals(company)).toEqual(['not_in_leg']))
  company.local.directory.setGroupDisabled('S0IAM', true)
  await company.local.idle()
  await press(third, at)
  await eventually(() => expect(refusals(company)).toEqual(['not_in_leg', 'not_in_leg']))
  expect(await company.state(request.id)).toBe('pending')

  company.local.directory.setGroupDisabled('S0IAM', false)
  await company.local.idle()
  await press(third, at)
  expect(await company.state(request.id)).toBe('approved')
})

test('while Slack limits the look-ups of users, nobody decides, and the clicker is told to try again', async () => {
  company = await openCompany({ seed: organisation() })
  const { request, at } = await company.asked('iam.change')
  company.local.faults.next('users.info', { kind: 'rate_limited', retryAfter: 30 }, Number.POSITIVE_INFINITY)

  await press(crowd[100] ?? '', at)

  await eventually(() => expect(refusals(company)).toEqual(['identity_unknown']))
  expect(await company.state(request.id)).toBe('pending')
})
