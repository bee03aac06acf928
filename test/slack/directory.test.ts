import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCache } from '../../src/lifetime/cache.ts'
import { checkSlack } from '../../src/slack/doctor.ts'
import { isOurPayload } from '../../src/slack/inbound/ourPayload.ts'
import {
  createDirectory,
  directoryCacheSeconds,
  type SlackDirectory,
} from '../../src/slack/outbound/directory.ts'
import { agesOf } from '../support/testClock.ts'
import { type Company, channelId, openCompany } from './company.ts'

let company: Company
let directory: SlackDirectory
beforeEach(async () => {
  company = await openCompany()
  // A directory of its own, which Slack's events do not reach.
  directory = createDirectory({
    client: company.clients.clicks,
    identity: company.identity,
    ages: agesOf(company.world.clock),
  })
})
afterEach(() => company.close())

const security = { ref: 'group:security', kind: 'group', address: 'slack:S0SECURITY' } as const

describe('what the directory says', () => {
  test.each([
    [
      'U0BOB',
      {
        key: 'slack:T0ACME:U0BOB',
        email: 'bob@acme.test',
        human: true,
        active: true,
        guest: false,
        external: false,
      },
    ],
    ['U0GWEN', { guest: true, external: false, active: true }],
    ['U0MAX', { key: 'slack:T0PARTNER:U0MAX', external: true }],
    ['U0DANA', { active: false }],
    ['U0COUNTERSIGN', { human: false }],
  ])('about %s', async (user, expected) => {
    expect(await directory.account(`slack:${user}`)).toMatchObject(expected)
  })

  test('is a fault for nobody, for nonsense, and for a key of another workspace', async () => {
    for (const address of ['slack:U0NOBODY', 'teams:U0BOB', 'slack:', 'slack:T0OTHER:U0BOB'])
      await expect(directory.account(address)).rejects.toMatchObject({ name: 'DirectoryFault' })
  })

  test('finds one account by e-mail, nobody for an unknown one, and no deactivated people', async () => {
    expect(await directory.find({ email: 'bob@acme.test' })).toMatchObject([{ key: 'slack:T0ACME:U0BOB' }])
    expect(await directory.find({ email: 'nobody@acme.test' })).toEqual([])
    expect(await directory.find({ address: 'slack:U0DANA' })).toEqual([])
    expect(await directory.find({ address: 'slack:U0NOBODY' })).toEqual([])
  })

  test('finds nobody by an address that was not confirmed, or of which Slack does not say that it was', async () => {
    company.local.directory.changeMember('U0BOB', { emailUnconfirmed: true })

    expect(await directory.find({ email: 'bob@acme.test' })).toEqual([])
    expect(await directory.account('slack:U0BOB')).toMatchObject({ email: null, active: true })
  })

  test('flood: an address that many name is asked for once, and still has to be the account’s', async () => {
    const lookups = () => company.local.calls.filter((call) => call.method === 'users.lookupByEmail').length
    await Promise.all(Array.from({ length: 60 }, () => directory.find({ email: 'Bob@acme.test' })))
    expect(lookups()).toBe(1)

    company.local.directory.changeMember('U0BOB', { email: 'robert@acme.test' })
    company.local.directory.changeMember('U0SAM', { email: 'bob@acme.test' })
    company.world.clock.advance(directoryCacheSeconds.users)

    expect(await directory.find({ email: 'bob@acme.test' })).toMatchObject([{ key: 'slack:T0ACME:U0SAM' }])
    expect(await directory.find({ email: 'robert@acme.test' })).toMatchObject([{ key: 'slack:T0ACME:U0BOB' }])
  })

  test('lists the members of a group without looking up any of them', async () => {
    expect(await directory.members(security)).toEqual(['slack:U0PRIYA', 'slack:U0SAM'])
    expect(await directory.members({ ref: 'owner', kind: 'account', address: 'slack:U0OMAR' })).toEqual([
      'slack:U0OMAR',
    ])
  })

  test('is nobody for a disabled or an unknown group, and a fault when groups cannot be read', async () => {
    company.local.directory.setGroupDisabled('S0SECURITY', true)

    expect(await directory.members(security)).toEqual([])
    expect(await directory.members({ ...security, address: 'slack:S0NOTHING' })).toEqual([])
    company.local.faults.next('usergroups.list', { kind: 'error', error: 'missing_scope' })
    company.world.clock.advance(15)
    await expect(directory.members(security)).rejects.toMatchObject({
      message: expect.stringContaining('missing_scope'),
    })
  })
})

test('changed-address: a key whose account is another one now is no account, and says which it is', async () => {
  await expect(directory.account('slack:T0OTHER:U0SAM')).rejects.toMatchObject({
    asked: 'slack:T0OTHER:U0SAM',
    found: 'slack:T0ACME:U0SAM',
  })
})

describe('how long it is believed', () => {
  test('a removal from a group counts after 15 seconds at the latest', async () => {
    await directory.members(security)
    company.local.directory.removeFromGroup('S0SECURITY', 'U0SAM')

    company.world.clock.advance(14)
    expect(await directory.members(security)).toHaveLength(2)
    company.world.clock.advance(1)
    expect(await directory.members(security)).toEqual(['slack:U0PRIYA'])
  })

  test('a deactivation counts after 5 seconds at the latest, and at once when Slack says so', async () => {
    await directory.account('slack:U0SAM')
    company.local.directory.changeMember('U0SAM', { deleted: true })

    company.world.clock.advance(4)
    expect(await directory.account('slack:U0SAM')).toMatchObject({ active: true })
    directory.forgetUser('U0SAM')
    expect(await directory.account('slack:U0SAM')).toMatchObject({ active: false })
  })

  test('callers that come together ask once, and a failure is not remembered', async () => {
    const asked: string[] = []
    const answers = createCache({
      seconds: 5,
      capacity: 2,
      ages: agesOf(() => new Date(0)),
      ask: async (key) => {
        asked.push(key)
        if (asked.length === 1) throw new Error('down')
        return key
      },
    })

    await expect(Promise.all([answers.get('a'), answers.get('a')])).rejects.toThrow('down')
    expect(await Promise.all([answers.get('a'), answers.get('a')])).toEqual(['a', 'a'])
    expect(asked).toEqual(['a', 'a'])
  })

  test('what was forgotten while it was asked is asked again', async () => {
    let version = 1
    const answers = createCache({
      seconds: 5,
      capacity: 2,
      ages: agesOf(() => new Date(0)),
      ask: async () => version,
    })
    const early = answers.get('a')
    version = 2

    answers.forget('a')

    expect(await early).toBe(1)
    expect(await answers.get('a')).toBe(2)
  })
})

test('a payload is ours by its app alone: what it says of teams is not believed', () => {
  const { appId, teamId } = company.identity
  const ours = { api_app_id: appId, team: { id: teamId }, enterprise: { id: 'E0ACME' } }

  for (const team of [ours, { ...ours, team: null }, { ...ours, team: { id: 'T0SISTER' } }])
    expect(isOurPayload(team, { appId })).toBe(true)
  for (const app of ['A0OTHER', undefined, null, 7])
    expect(isOurPayload({ ...ours, api_app_id: app }, { appId })).toBe(false)
})

describe('the doctor', () => {
  const examine = (change: Partial<Parameters<typeof checkSlack>[0]> = {}) =>
    checkSlack({
      access: { botToken: 'xoxb-test', apiUrl: company.local.apiUrl },
      appToken: 'xapp-test',
      channels: [`slack:${channelId}`],
      groups: ['slack:S0SECURITY'],
      people: [],
      log: silent,
      ...change,
    })
  const silent = { warn: () => {}, error: () => {} } as unknown as Parameters<typeof checkSlack>[0]['log'] // nothing is read from it

  test('finds nothing wrong when nothing is', async () => {
    const findings = await examine()

    expect(findings.map((one) => [one.name, one.ok])).toEqual([
      ['bot token', true],
      ['scopes', true],
      ['app and workspace', true],
      ['app token', true],
      [`channel slack:${channelId}`, true],
      ['group slack:S0SECURITY', true],
    ])
  })

  test('lists accounts that may belong to one person, among those whom policy can ask', async () => {
    const { changeMember } = company.local.directory
    changeMember('U0SAM', { realName: 'Priya  NAIR' })
    changeMember('U0OMAR', { realName: 'Priya Nair (Admin)', email: 'omar@acme.test' })
    changeMember('U0GRACE', { email: 'bob+ops@acme.test' })
    changeMember('U0LEE', { emailUnconfirmed: true })

    const findings = await examine({
      people: ['U0OMAR', 'U0GRACE', 'U0BOB', 'U0LEE'].map((id) => `slack:${id}`),
    })

    expect(findings.filter(({ look }) => look)).toMatchObject([
      {
        name: 'accounts that share an address',
        detail: expect.stringMatching(/^Grace Kim \(U0GRACE\) and Bob Okafor \(U0BOB\): /),
      },
      {
        name: 'accounts that share a name',
        detail: expect.stringContaining('Priya Nair (U0PRIYA) and Priya  NAIR (U0SAM)'),
      },
      {
        name: 'accounts of an administrator',
        detail: expect.stringContaining('Priya Nair (Admin) (U0OMAR)'),
      },
      { name: 'accounts without an address', detail: expect.stringMatching(/^Lee Tanaka \(U0LEE\): /) },
    ])
    expect(findings.every(({ ok }) => ok)).toBe(true)
  })

  test('says how many it did not compare', async () => {
    const people = Array.from({ length: 95 }, (_, nth) => `slack:U0NOBODY${nth}`)

    expect((await examine({ people })).at(-1)).toMatchObject({
      name: 'accounts not looked at',
      detail: expect.stringMatching(/^97 accounts/),
    })
  })

  test('says what to fix', async () => {
    expect(await examine({ access: { botToken: 'xoxb-wrong', apiUrl: company.local.apiUrl } })).toMatchObject(
      [
        {
          name: 'bot token',
          ok: false,
          detail: 'invalid_auth',
          fix: expect.stringContaining('SLACK_BOT_TOKEN'),
        },
      ],
    )
    const findings = await examine({
      appToken: 'xapp-wrong',
      channels: ['slack:C0NOTHING'],
      groups: ['slack:S0NOTHING'],
    })
    expect(findings.filter((one) => !one.ok)).toMatchObject([
      { name: 'app token', fix: expect.stringContaining('connections:write') },
      { name: 'channel slack:C0NOTHING', detail: 'channel_not_found' },
      { name: 'group slack:S0NOTHING', ok: false },
    ])
  })
})
