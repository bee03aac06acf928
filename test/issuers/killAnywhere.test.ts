import { expect, test } from 'vitest'
import { issueCredential } from '../../src/approvals/leases/issue.ts'
import type { CredentialIssuer } from '../../src/approvals/leases/issuer.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import { type LeaseWorld, leaseWorld } from '../approvals/leases/leaseWorld.ts'
import { issuerAt, warehouse, works } from './postgresql/warehouse.ts'

/*
 * A process dies at one of the steps of issuing or ending: right before a call took effect, or right after. What it would have done
 * next never happens, its own cleaning up included. Then another process does the jobs that are due, and looks round.
 */

/** Roles end by the clock of their target. */
function toTheTargetsTime({ clock }: LeaseWorld): void {
  clock.advance((Date.now() - clock().getTime()) / 1_000)
}

class Killed extends Error {}

/** Ports of a process that dies at its nth effect; dead, it does nothing more. */
function mortal(
  ports: Ports,
  issuer: CredentialIssuer,
  at: { readonly nth: number; readonly when: 'before' | 'after' },
) {
  let effects = 0
  let dead = false
  const step = async <T>(effect: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed()
    effects += 1
    if (effects !== at.nth) return effect()
    dead = true
    if (at.when === 'after') await effect()
    throw new Killed()
  }
  const store: Store = { ...ports.store, commit: (change) => step(() => ports.store.commit(change)) }
  const target: CredentialIssuer = {
    ...issuer,
    issue: (lease, until) => step(() => issuer.issue(lease, until)),
    end: (lease, toEnd) => step(() => issuer.end(lease, toEnd)),
  }
  return { ports: { ...ports, store, targets: [target] }, died: () => dead }
}

const steps = [1, 2, 3, 4, 5].flatMap((nth) => (['before', 'after'] as const).map((when) => ({ nth, when })))

test.each(steps)('killed $when step $nth of a credential for a lost answer: no role is left', async (at) => {
  const { url } = await warehouse()
  const issuer = issuerAt(url, 'wsp_test')
  const world = await leaseWorld([issuer])
  toTheTargetsTime(world)
  const { id } = await world.executing()
  const before = await world.ask(id)
  const { ports, died } = mortal(world.ports, issuer, at)

  const asking = issueCredential(ports, {
    request: id,
    caller: { agent: world.agent.agent, key: world.agent.key },
    target: null,
    again: true,
    via: 'api',
  })

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
