import { describe, expect, test } from 'vitest'
import type { CredentialIssuer } from '../../../src/approvals/leases/issuer.ts'
import { leaseWorld } from '../../approvals/leases/leaseWorld.ts'
import { eventually } from '../../support/eventually.ts'
import { toTheTargetsTime } from '../mortal.ts'
import { doubleGitHub, githubAt } from './doubleGitHub.ts'

describe('a lease of it', () => {
  test('that GitHub refuses, or has no call left for, leaves nothing listed as out', async () => {
    const github = await doubleGitHub()
    const world = await leaseWorld([githubAt(github.url)])
    toTheTargetsTime(world)
    const { id } = await world.executing()
    github.next.push(422, 'limited')

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'target_refused' })
    await expect(world.ask(id)).rejects.toMatchObject({ code: 'target_unavailable', retryAfterSeconds: 7 })

    expect((await world.store.leases({ request: id, limit: 5 })).map(({ state }) => state)).toEqual([
      'ended',
      'ended',
    ])
    expect((await world.ask(id)).lease.state).toBe('out')
  })

  test('whose answer is lost is out until its hour is over, whoever wants it ended, and the agent may ask anew', async () => {
    const github = await doubleGitHub()
    const world = await leaseWorld([githubAt(github.url)])
    toTheTargetsTime(world)
    const { id } = await world.executing()
    github.next.push('late')

    await expect(world.ask(id)).rejects.toMatchObject({ code: 'target_unavailable' })

    const [lost] = await world.store.leases({ request: id, limit: 5 })
    expect(lost).toMatchObject({ state: 'expires', ending: 'no_answer', sealed: null })
    expect(Date.parse(lost?.expiresAt ?? '') - Date.parse(lost?.createdAt ?? '')).toBe(3_900_000)
    expect((await world.store.entries(id)).map(({ type }) => type)).toContain('lease.expires')
    expect((await world.ask(id)).lease.state).toBe('out')
  })

  test('keeps its token sealed and nowhere else, and ends with it', async () => {
    const github = await doubleGitHub()
    const world = await leaseWorld([githubAt(github.url)])
    toTheTargetsTime(world)
    const { id } = await world.executing()

    const { lease } = await world.ask(id)

    const everything = await world.writtenOf(lease)
    expect(everything).not.toContain('ghs_')
    expect(lease.sealed).not.toBeNull()
  })

  test('does not share its token with another: one ends, the other goes on', async () => {
    const github = await doubleGitHub()
    const world = await leaseWorld([githubAt(github.url)])
    toTheTargetsTime(world)
    const requests = await Promise.all([world.executing(), world.executing()])

    const [one, two] = await Promise.all(requests.map(({ id }) => world.ask(id)))

    expect(new Set([one?.credential.token, two?.credential.token]).size).toBe(2)
    await world.store.commit({
      entries: [],
      jobs: [{ task: 'endLease', lease: one?.lease.id ?? '', why: 'reported' }],
    })
    await world.runDue()
    expect([...github.given.keys()]).toEqual([two?.credential.token])
  })

  test('that was ended while GitHub made it is ended with what GitHub gave, and is on record as gone', async () => {
    const github = await doubleGitHub()
    const issuer = githubAt(github.url)
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const held: CredentialIssuer = {
      ...issuer,
      issue: async (...of) => {
        const issued = await issuer.issue(...of)
        await gate
        return issued
      },
    }
    const world = await leaseWorld([held])
    toTheTargetsTime(world)
    const { id } = await world.executing()
    const asking = world.ask(id)
    await eventually(() => expect(github.given.size).toBe(1))
    const [lease] = await world.store.leases({ request: id, limit: 1 })
    await world.store.commit({
      entries: [],
      jobs: [{ task: 'endLease', lease: lease?.id ?? '', why: 'stopped' }],
    })
    await world.runDue()
    expect(await world.store.lease(lease?.id ?? '')).toMatchObject({ state: 'expires' })

    go()

    await expect(asking).rejects.toMatchObject({ code: 'wrong_state' })
    expect(github.given.size).toBe(0)
    expect(await world.store.lease(lease?.id ?? '')).toMatchObject({ state: 'ended', ending: 'no_answer' })
  })
})
