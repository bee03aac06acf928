import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { whoAmI } from '../../src/slack/identity.ts'
import { createDirectory } from '../../src/slack/outbound/directory.ts'
import { agesOf } from '../support/testClock.ts'

/** What this Slack answers, by method: anything, also what the real one should never send. */
let answers: Record<string, (args: URLSearchParams) => object>
let server: Server
let client: WebClient

beforeEach(async () => {
  answers = {}
  server = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += String(chunk)
    const answer = answers[(req.url ?? '').replace('/api/', '')]
    res.setHeader('content-type', 'application/json')
    res.end(
      JSON.stringify(
        answer ? { ok: true, ...answer(new URLSearchParams(body)) } : { ok: false, error: 'unknown_method' },
      ),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  client = new WebClient('xoxb-test', {
    slackApiUrl: `http://127.0.0.1:${port}/api/`,
    retryConfig: { retries: 0 },
  })
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const identity = { appId: 'A1', teamId: 'T1', enterpriseId: null, botId: 'B1', botUserId: 'U9' }
const full = {
  id: 'U1',
  team_id: 'T1',
  deleted: false,
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
  name: 'ann',
}
const directoryOf = (who: { enterpriseId: string | null } = identity) =>
  createDirectory({ client, identity: { ...identity, ...who }, ages: agesOf(() => new Date(0)) })
const lookUp = (user: object, who: { enterpriseId: string | null } = identity, asked = 'U1') => {
  answers['users.info'] = () => ({ user })
  return directoryOf(who).account(`slack:${asked}`)
}

describe('an account that Slack describes badly', () => {
  test('control: a full description is staff', async () => {
    expect(await lookUp(full)).toEqual({
      key: 'slack:T1:U1',
      name: 'ann',
      email: null,
      human: true,
      active: true,
      guest: false,
      external: false,
    })
  })

  test.each([['team_id'], ['id'], ['deleted']])('without %s is a fault', async (field) => {
    await expect(lookUp({ ...full, [field]: undefined })).rejects.toMatchObject({ name: 'DirectoryFault' })
  })

  test('without its guest flags counts as a guest', async () => {
    expect(await lookUp({ ...full, is_restricted: undefined })).toMatchObject({ guest: true })
    expect(await lookUp({ ...full, is_ultra_restricted: undefined })).toMatchObject({ guest: true })
  })

  test('without saying that it is no bot counts as one, and Slackbot is one', async () => {
    expect(await lookUp({ ...full, is_bot: undefined })).toMatchObject({ human: false })
    expect(await lookUp({ ...full, id: 'USLACKBOT' }, identity, 'USLACKBOT')).toMatchObject({ human: false })
  })

  test('that is not the one we asked for is a fault', async () => {
    await expect(lookUp({ ...full, id: 'U2' })).rejects.toThrow('about somebody else')
  })

  test('that was invited and never came is not active', async () => {
    expect(await lookUp({ ...full, is_invited_user: true })).toMatchObject({ active: false })
  })
})

describe('in an Enterprise organisation', () => {
  const ours = { ...full, team_id: 'T2', enterprise_user: { id: 'W1', enterprise_id: 'E1' } }

  test("an account is named by the organisation's ids and is not external", async () => {
    expect(await lookUp(ours, { enterpriseId: 'E1' })).toMatchObject({ key: 'slack:E1:W1', external: false })
  })

  test('an account of another organisation is external', async () => {
    expect(await lookUp(ours, { enterpriseId: 'E2' })).toMatchObject({ key: 'slack:T2:U1', external: true })
    expect(await lookUp(ours)).toMatchObject({ external: true })
  })

  const group = { ref: 'group:x', kind: 'group', address: 'slack:S1' } as const
  const listing = (id: string) => {
    answers['users.info'] = () => ({ user: ours })
    answers['usergroups.list'] = () => ({ usergroups: [{ id: 'S1', date_delete: 0 }] })
    answers['usergroups.users.list'] = () => ({ users: [id] })
    return directoryOf({ enterpriseId: 'E1' })
  }

  test.each([
    ['U1', 'U1'],
    ['U1', 'W1'],
    ['W1', 'U1'],
    ['W1', 'W1'],
  ])('a group that lists %s has the one who clicks as %s in it', async (listed, clicks) => {
    const directory = listing(listed)
    const { key } = await directory.account(`slack:${clicks}`)

    expect(key).toBe('slack:E1:W1')
    expect(await directory.isMember(group, key)).toBe(true)
    expect(await directory.members(group)).toEqual([`slack:${listed}`])
  })

  test("control: another's id in the group, a key of another organisation, and a group of nobody", async () => {
    expect(await listing('U2').isMember(group, 'slack:E1:W1')).toBe(false)
    await expect(listing('W1').isMember(group, 'slack:E2:W1')).rejects.toThrow('disagree')
    expect(await listing('W1').isMember({ ...group, address: 'slack:S2' }, 'slack:E1:W1')).toBe(false)
  })

  test('an account is still found under the key it had before its workspace joined', async () => {
    expect(await listing('U1').account('slack:T2:U1')).toMatchObject({
      key: 'slack:E1:W1',
      formerKeys: ['slack:T2:U1'],
    })
  })
})

test('who we are is asked of Slack, and an organisation-wide install needs to know whose groups are meant', async () => {
  answers['auth.test'] = () => ({ team_id: 'T1', user_id: 'U9', bot_id: 'B1' })
  answers['bots.info'] = () => ({ bot: { app_id: 'A1' } })
  expect(await whoAmI(client)).toEqual(identity)

  answers['auth.test'] = () => ({
    team_id: 'T1',
    user_id: 'U9',
    bot_id: 'B1',
    enterprise_id: 'E1',
    is_enterprise_install: true,
  })
  await expect(whoAmI(client)).rejects.toThrow('set SLACK_TEAM_ID')
  expect(await whoAmI(client, 'T2')).toMatchObject({
    teamId: 'T2',
    enterpriseId: 'E1',
    organisationWide: true,
  })

  answers['auth.test'] = () => ({ team_id: 'T1', user_id: 'U9', bot_id: 'B1' })
  await expect(whoAmI(client, 'T2')).rejects.toThrow('SLACK_TEAM_ID is T2')
  expect(await whoAmI(client, 'T1')).toEqual(identity)

  answers['auth.test'] = () => ({ team_id: 'T1', user_id: 'U9' })
  await expect(whoAmI(client)).rejects.toThrow("not a bot's token")
})
