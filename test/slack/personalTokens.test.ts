import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authenticatePerson } from '../../src/approvals/people/personalToken.ts'
import { eventually } from '../support/eventually.ts'
import { bundleVia } from '../support/portal.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { whispersTo } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const type = (user: string, text: string) => company.local.as(user).command(channelId, `/approvals ${text}`)
const window = (user: string) => JSON.stringify(company.local.as(user).modal() ?? null)
const heard = (user: string) => JSON.stringify(company.local.as(user).messages(channelId))
const tokens = () => company.store.personalTokens({ limit: 9 })

/** Types the command, and reads the token in its window. */
async function madeBy(user: string, text: string): Promise<string> {
  await type(user, text)
  await eventually(() => expect(window(user)).toMatch(/csp_/))
  return /csp_[0-9a-z]{26}_[A-Za-z0-9_-]{43}/.exec(window(user))?.[0] ?? ''
}

describe('/approvals token', () => {
  test('shows a new token once, in a window, and nowhere else', async () => {
    const credential = await madeBy('U0PRIYA', 'token for 3')

    const token = await authenticatePerson(company.world.ports, credential)
    expect(token).toMatchObject({ account: 'slack:T0ACME:U0PRIYA', status: 'active' })
    expect(Date.parse(token.endsAt) - Date.parse(token.createdAt)).toBe(3 * 86_400_000)
    await type('U0PRIYA', 'tokens')
    await eventually(() => expect(heard('U0PRIYA')).toContain(token.id))
    expect(heard('U0PRIYA')).not.toContain(credential)
  })

  test.each([
    ['issued', 'You have a new personal token'],
    ['used', 'Your personal token was used'],
    ['revoked', 'Your personal token was revoked'],
  ] as const)('whose person is told directly that it was %s', async (why, said) => {
    await madeBy('U0PRIYA', 'token')
    const [token] = await tokens()
    if (!token) throw new Error('there is no token')

    await company.slack.channel.tellOfToken(token, { token: token.id, why, since: token.createdAt })

    const direct = JSON.stringify(company.local.as('U0PRIYA').sees())
    expect(direct).toContain(said)
    // The window that shows it names the command, too; only the message says when to type it.
    expect(direct.includes('If that was not you')).toBe(why !== 'revoked')
    expect(JSON.stringify(company.local.as('U0SAM').sees())).not.toContain(said)
  })

  test('revokes one’s own, and nobody else’s', async () => {
    const credential = await madeBy('U0PRIYA', 'token')
    const id = (await tokens())[0]?.id ?? ''

    await type('U0SAM', `token revoke ${id}`)
    await eventually(() => expect(heard('U0SAM')).toContain('You have no token of that id'))
    expect((await tokens())[0]?.status).toBe('active')

    await type('U0PRIYA', `token revoke ${id}`)
    await eventually(() => expect(heard('U0PRIYA')).toContain('is revoked'))
    await expect(authenticatePerson(company.world.ports, credential)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  test.each([
    'token for 31',
    'token for 0',
    'token for ever',
    'token forever',
    'token revoke',
    'token for 3 weeks',
  ])('%s makes none, and says how it is typed', async (text) => {
    await type('U0PRIYA', text)
    await eventually(() =>
      expect(heard('U0PRIYA')).toContain(
        '/approvals token for <days>'.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      ),
    )

    expect(await tokens()).toEqual([])
  })

  test('makes none for a guest', async () => {
    company.local.directory.changeMember('U0PRIYA', { guest: 'multi' })
    await company.local.idle()
    await type('U0PRIYA', 'token')

    await eventually(() => expect(heard('U0PRIYA')).toContain('Only active, full members'))
    expect(await tokens()).toEqual([])
  })
})

describe('words in a thread', () => {
  test.each([
    ['[card]', 0],
    ['[card, thread]', 1],
  ])('of a policy that takes %s decide %i times', async (via, times) => {
    company.world.setPolicy(bundleVia(via))
    await company.world.ports.renewPolicy()
    const { request, at } = await company.asked('db.export')

    await company.local.as('U0PRIYA').post(channelId, '<@U0COUNTERSIGN> approve', at.ts)

    const said = times === 0 ? 'Use the buttons of the card' : 'Your decision is recorded.'
    await eventually(() => expect(whispersTo(company, 'U0PRIYA').join()).toContain(said))
    expect((await company.store.request(request.id))?.decisions).toHaveLength(times)
    const type = times === 0 ? 'decision.refused' : 'decision.made'
    expect(company.store.ledger.filter((entry) => entry.type === type)).toMatchObject([
      { data: { way: 'thread' } },
    ])
  })
})
