import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from '../../../../src/sandbox/seed.ts'
import type { LocalSlack } from '../../../../src/sandbox/slack/server.ts'
import { clientOf, openSlack } from '../company.ts'

let slack: LocalSlack
beforeEach(async () => {
  slack = await openSlack()
})
afterEach(() => slack.close())

describe('people, groups and channels', () => {
  test.each([
    ['U0BOB', { is_bot: false, is_restricted: false, deleted: false, team_id: 'T0ACME' }],
    ['U0GWEN', { is_restricted: true, is_ultra_restricted: true }],
    ['U0MAX', { team_id: 'T0PARTNER' }],
    ['U0DANA', { deleted: true }],
    ['U0COUNTERSIGN', { is_bot: true }],
  ])('users.info tells what kind of account %s is', async (user, expected) => {
    expect(await clientOf(slack).users.info({ user })).toMatchObject({ user: { id: user, ...expected } })
  })

  test('e-mail addresses need their own scope', async () => {
    const poor = await openSlack({ scopes: ['users:read'] })

    const without = await clientOf(poor).users.info({ user: 'U0BOB' })
    const withScope = await clientOf(slack).users.info({ user: 'U0BOB' })

    expect(without.user?.profile).not.toHaveProperty('email')
    expect(withScope.user?.profile?.email).toBe('bob@acme.test')
    await poor.close()
  })

  test('an address finds its person, but not once the account is deactivated', async () => {
    const client = clientOf(slack)

    const before = await client.users.lookupByEmail({ email: 'Bob@Acme.test' })
    slack.directory.changeMember('U0BOB', { deleted: true })

    expect(before.user?.id).toBe('U0BOB')
    await expect(client.users.lookupByEmail({ email: 'bob@acme.test' })).rejects.toThrow('users_not_found')
  })

  test('a group lists its members, and a disabled or unknown one is no group', async () => {
    const client = clientOf(slack)
    const before = await client.usergroups.users.list({ usergroup: 'S0DATA' })
    slack.directory.setGroupDisabled('S0DATA', true)

    expect(before.users).toEqual(['U0BOB', 'U0PRIYA'])
    await expect(client.usergroups.users.list({ usergroup: 'S0DATA' })).rejects.toThrow('no_such_subteam')
    await expect(client.usergroups.users.list({ usergroup: 'S0NONE' })).rejects.toThrow('no_such_subteam')
    expect((await client.usergroups.list()).usergroups?.map((g) => g.id)).not.toContain('S0DATA')
  })

  test('every group has two people who are neither Alice nor Lee', () => {
    for (const group of slack.workspace.usergroups.values()) {
      const others = group.users.filter((id) => id !== 'U0ALICE' && id !== 'U0LEE')
      expect(others.length, group.handle).toBeGreaterThanOrEqual(2)
    }
  })

  test('a channel shared with another company says so', async () => {
    const client = clientOf(slack)

    expect((await client.conversations.info({ channel: 'C0PARTNER' })).channel?.is_ext_shared).toBe(true)
    expect((await client.conversations.info({ channel: 'C0DATA' })).channel?.is_ext_shared).toBe(false)
  })

  test('lists come in pages that the client can follow', async () => {
    const seen: string[] = []

    for await (const part of clientOf(slack).paginate('users.list', { limit: 4 })) {
      const { members } = part as { members?: { id: string }[] } // the client types pages as any answer
      seen.push(...(members ?? []).map(({ id }) => id))
    }

    expect(seen).toEqual(acme.members.map(({ id }) => id))
  })
})
