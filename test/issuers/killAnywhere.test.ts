import { describe, expect, test } from 'vitest'
import { leaseWorld } from '../approvals/leases/leaseWorld.ts'
import { doubleGitHub, githubAt } from './github/doubleGitHub.ts'
import { mortal, steps, toTheTargetsTime } from './mortal.ts'
import { issuerAt, warehouse, works } from './postgresql/warehouse.ts'

/*
 * A process dies at one of the steps of issuing or ending: right before a call took effect, or right after. What it would have done
 * next never happens, its own cleaning up included. Then another process does the jobs that are due, and looks round.
 */

test.each(steps)('killed $when step $nth of a credential for a lost answer: no role is left', async (at) => {
  const { url } = await warehouse()
  const issuer = issuerAt(url, 'wsp_test')
  const world = await leaseWorld([issuer])
  toTheTargetsTime(world)
  const { id } = await world.executing()
  const before = await world.ask(id)
  const { ports, died } = mortal(world.ports, issuer, at)

  const asking = world.ask(id, { again: true }, ports)

  await expect(asking).rejects.toThrow()
  expect(died()).toBe(true)
  // Within a minute nothing is there that nobody was given; what was given stays until its time.
  world.clock.advance(31)
  await world.runDue()
  const known = await world.store.leases({ states: ['out'], limit: 10 })
  const there = (await issuer.list())?.map((one) => one.id) ?? []
  expect(known.map((one) => one.id)).toEqual(expect.arrayContaining(there))
  world.clock.advance(600)
  await world.runDue()
  expect(await issuer.list()).toEqual([])
  expect(await world.store.leases({ states: ['issuing', 'out', 'expires'], limit: 10 })).toEqual([])
  expect(await works(before.credential)).toBe(false)
})

test('control: nobody is killed, and one credential works until it is ended', async () => {
  const { url } = await warehouse()
  const issuer = issuerAt(url, 'wsp_test')
  const world = await leaseWorld([issuer])
  toTheTargetsTime(world)
  const { id } = await world.executing()
  await world.ask(id)

  const { credential } = await world.ask(id, { again: true })

  expect(await works(credential)).toBe(true)
  expect(await issuer.list()).toHaveLength(1)
  world.clock.advance(600)
  await world.runDue()
  expect(await issuer.list()).toEqual([])
})

describe('where only its own answer ends a credential', () => {
  test.each(steps)(
    'killed $when step $nth: what may be out is listed as out, until its hour is over',
    async (at) => {
      const github = await doubleGitHub()
      const issuer = githubAt(github.url)
      const world = await leaseWorld([issuer])
      toTheTargetsTime(world)
      const { id } = await world.executing()
      await world.ask(id)
      const { ports, died } = mortal(world.ports, issuer, at)

      const asking = world.ask(id, { again: true }, ports)

      await expect(asking).rejects.toThrow()
      expect(died()).toBe(true)
      world.clock.advance(31)
      await world.runDue()
      const listed = await world.store.leases({ states: ['issuing', 'out', 'expires'], limit: 10 })
      expect(listed.map(({ state }) => state)).not.toContain('issuing')
      expect(github.given.size).toBeLessThanOrEqual(listed.length)
      // Its life is over: what can be ended is ended, and the rest is still listed.
      world.clock.advance(600)
      await world.runDue()
      const kept = await world.store.leases({ states: ['issuing', 'out', 'expires'], limit: 10 })
      expect(kept.map(({ state, ending }) => ({ state, ending }))).toEqual(
        kept.map(() => ({ state: 'expires', ending: 'no_answer' })),
      )
      expect(github.given.size).toBeLessThanOrEqual(kept.length)
      world.clock.advance(issuer.longestSeconds)
      await world.runDue()
      expect(await world.store.leases({ states: ['issuing', 'out', 'expires'], limit: 10 })).toEqual([])
    },
  )

  test('control: one whose making was answered is ended with what the record has sealed', async () => {
    const github = await doubleGitHub()
    const world = await leaseWorld([githubAt(github.url)])
    toTheTargetsTime(world)
    await world.ask((await world.executing()).id)
    expect(github.given.size).toBe(1)

    world.clock.advance(600)
    await world.runDue()

    expect(github.given.size).toBe(0)
    expect(await world.store.leases({ states: ['issuing', 'out', 'expires'], limit: 10 })).toEqual([])
  })
})
