import { beforeEach, describe, expect, test } from 'vitest'
import { breakGlass } from '../../../src/approvals/breakGlass.ts'
import { handOver } from '../../../src/approvals/people/handOver.ts'
import { linkAccounts } from '../../../src/approvals/people/linkAccounts.ts'
import type { Account } from '../../../src/core/identity.ts'
import { type MemoryStore, memoryStore } from '../../support/memoryStore.ts'
import { entriesOf, typesOf } from '../../support/recorded.ts'
import { keyOf } from '../../support/testDirectory.ts'
import { ask, attemptBy, click, testWorld, type World } from '../../support/world.ts'
import { approvedExport, asksForGrant, requestIn } from './granted.ts'

let store: MemoryStore
let world: World
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
})

const change = (user: string, facts: Partial<Account>) => world.directory.changeAccount(user, facts)
const link = (account: string, other: string) =>
  linkAccounts(world.ports, {
    account: { email: `${account}@acme.test` },
    other: { email: `${other}@acme.test` },
    via: 'cli',
  })

describe('vote-outlived, left-the-group: an approver who could not approve any more when the grant is asked for', () => {
  const losses: readonly (readonly [string, () => unknown])[] = [
    ['was deactivated', () => change('U0BOB', { active: false })],
    ['became a guest', () => change('U0BOB', { guest: true })],
    ['is not there any more', () => world.directory.accounts.delete('U0BOB')],
    ['left the group', () => world.directory.groups.set('S0DATA', ['U0PRIYA'])],
    ['turned out to be the initiator', () => link('alice', 'bob')],
    ['turned out to be the other approver', () => link('bob', 'sam')],
    [
      'turned out to share the address of the initiator',
      () => change('U0BOB', { email: 'Alice+2@ACME.test' }),
    ],
    [
      'was given the agent',
      () =>
        handOver(world.ports, {
          name: 'billing-agent',
          to: { email: 'bob@acme.test' },
          by: { email: 'lee@acme.test' },
          via: 'cli',
        }),
    ],
  ]

  test.each(losses)('because they %s, revokes it', async (_, happens) => {
    const { id } = await approvedExport(world)
    await happens()

    await expect(asksForGrant(world, id)).rejects.toMatchObject({ code: 'grant_revoked' })

    const request = await requestIn(store, id)
    expect(request).toMatchObject({
      state: 'revoked',
      revokedBy: 'lost_approval',
      outcome: 'An approval that it needs no longer counts.',
    })
    expect(request.grant).toBeUndefined()
    expect((await entriesOf(store, id, 'request.revoked'))[0]).toMatchObject({
      actor: { kind: 'system', id: 'grant' },
      data: { by: 'lost_approval', grant: null },
    })
    expect(await typesOf(store, id)).not.toContain('grant.issued')
    expect(store.jobs.has(`refresh:${id}`)).toBe(true)
    await expect(asksForGrant(world, id)).rejects.toMatchObject({ code: 'grant_revoked' })
  })

  test('control: grants it when nothing has happened', async () => {
    const { id } = await approvedExport(world)

    expect((await asksForGrant(world, id)).request.state).toBe('approved')
  })

  test('does not matter where enough others still can: it is recorded, and the token does not name them', async () => {
    const { id } = await ask(world, 'db.export')
    for (const user of ['U0BOB', 'U0OMAR', 'U0SAM']) await click(world, id, user)
    change('U0BOB', { active: false })

    const { token, request } = await asksForGrant(world, id)

    expect(request.state).toBe('approved')
    expect((await entriesOf(store, id, 'decision.lapsed'))[0]?.data).toMatchObject({
      account: keyOf('U0BOB'),
    })
    const approvers = [keyOf('U0OMAR'), keyOf('U0SAM')]
    expect((await world.ports.signer.read(token))?.claims).toMatchObject({ approvers })
    expect((await asksForGrant(world, id)).token).toBe(token)
  })

  test('is not known while the directory does not answer: then nothing is granted, and nothing changes', async () => {
    const approved = await approvedExport(world)
    world.directory.down = true

    await expect(asksForGrant(world, approved.id)).rejects.toMatchObject({ code: 'directory_unavailable' })
    expect(await requestIn(store, approved.id)).toEqual(approved)

    world.directory.down = false
    expect((await asksForGrant(world, approved.id)).repeated).toBe(false)
  })

  test('does not keep an earlier grant from being given once more: that was judged when it was issued', async () => {
    const { id } = await approvedExport(world)
    const { token } = await asksForGrant(world, id)
    change('U0BOB', { active: false })

    expect((await asksForGrant(world, id)).token).toBe(token)
  })
})

describe('a broken glass', () => {
  async function broken(): Promise<string> {
    const { id } = await ask(world, 'host.reboot')
    const reason = 'INC-42 The payment database is down.'
    await breakGlass(world.ports, { ...attemptBy(id, 'U0GRACE'), reason, seen: 'facts' })
    return id
  }

  test('gives a grant with the terms of its path, and says so', async () => {
    const id = await broken()

    const { grant, token } = await asksForGrant(world, id)

    expect(Date.parse(grant.expiresAt) - Date.parse(grant.issuedAt)).toBe(300_000)
    expect((await world.ports.signer.read(token))?.claims).toMatchObject({
      approvers: [keyOf('U0GRACE')],
      break_glass: true,
    })
  })

  test.each<[string, () => unknown]>([
    ['left', () => change('U0GRACE', { active: false })],
    ['left its path', () => world.directory.groups.set('S0INCIDENT', ['U0OMAR'])],
    ['turned out to be behind it', () => link('grace', 'alice')],
    [
      'turned out to share the address of somebody behind it',
      () => change('U0GRACE', { email: 'alice+x@acme.test' }),
    ],
  ])('is revoked when whoever broke it has %s', async (_, happens) => {
    const id = await broken()
    await happens()

    await expect(asksForGrant(world, id)).rejects.toMatchObject({ code: 'grant_revoked' })
    expect(await requestIn(store, id)).toMatchObject({ state: 'revoked', revokedBy: 'lost_approval' })
  })

  test('is not judged while the directory does not answer', async () => {
    const id = await broken()
    world.directory.down = true

    await expect(asksForGrant(world, id)).rejects.toMatchObject({ code: 'directory_unavailable' })
    expect((await requestIn(store, id)).state).toBe('approved')
  })
})
