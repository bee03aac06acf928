import { beforeEach, describe, expect, test } from 'vitest'
import { confirm, disown } from '../../src/approvals/people/confirm.ts'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { proposePolicy } from '../../src/approvals/policy/proposePolicy.ts'
import type { Confirmation } from '../../src/core/confirmation.ts'
import { testChannel } from '../support/channel.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { click } from '../support/world.ts'
import { guarded, looser, type PolicyHouse, policyHouse, stricter } from './policyHouse.ts'

let store: MemoryStore
let house: PolicyHouse
let runDue: () => Promise<void>

beforeEach(async () => {
  store = memoryStore()
  house = await policyHouse({ store, confirms: true })
  const { ports, world } = house
  runDue = jobsAtWork({ ports, store, channel: testChannel(), clock: world.clock }).runDue
  await house.propose(guarded, { author: null, via: 'startup' })
})

const requests = () => store.requests({ limit: 10 })

/** The question to the author that proposing led to. */
async function questioned(
  files = looser,
  given: Parameters<PolicyHouse['propose']>[1] = {},
): Promise<Confirmation> {
  const proposed = await house.propose(files, given)
  if (proposed.outcome !== 'unconfirmed') throw new Error(`nobody was asked to confirm: ${proposed.outcome}`)
  await runDue()
  return proposed.confirmation
}

async function attempt(id: string, user = 'U0LEE') {
  const confirmation = await store.confirmation(id)
  const message = confirmation?.asked[0]?.message ?? 'none'
  return { confirmation: id, account: keyOf(user), via: 'slack', message, delivery: `press ${id} ${user}` }
}

describe('claimed-administrator: a change proposed in somebody’s name', () => {
  test('is put before nobody until its author stands behind it; then they can never approve it', async () => {
    const question = await questioned()
    expect(await requests()).toEqual([])

    await confirm(house.ports, await attempt(question.id))
    await runDue()

    const [request] = await requests()
    expect(request).toMatchObject({ state: 'pending', reason: 'Less friction' })
    await expect(click(house.world, request?.id ?? '', 'U0LEE')).rejects.toMatchObject({
      code: 'own_request',
    })
    await click(house.world, request?.id ?? '', 'U0PRIYA')
    await click(house.world, request?.id ?? '', 'U0GRACE')
    await runDue()
    expect((await store.activePolicy())?.digest).toBe(testBundle(looser).digest)
  })

  test('control: with the claim believed, whoever typed it approves what they asked for in another’s name', async () => {
    const unasked = { ...house.ports, confirms: false }
    const proposed = await proposePolicy(unasked, {
      bundle: testBundle(looser),
      files: looser,
      author: { email: 'lee@acme.test' },
      reason: null,
      via: 'cli',
    })
    if (proposed.outcome !== 'asked') throw new Error('it is asked for at once')

    await click(house.world, proposed.request.id, 'U0PRIYA') // who has the shell
    expect((await click(house.world, proposed.request.id, 'U0GRACE')).request.state).toBe('approved')
  })

  test('is never asked for when they say that it was not them', async () => {
    const question = await questioned()

    await disown(house.ports, await attempt(question.id))
    await runDue()

    expect(await requests()).toEqual([])
    expect(store.ledger.at(-1)).toMatchObject({ type: 'alarm.sent', data: { why: 'disowned' } })
  })

  test('is confirmed by its author and nobody else', async () => {
    const question = await questioned()

    await expect(confirm(house.ports, await attempt(question.id, 'U0PRIYA'))).rejects.toMatchObject({
      code: 'not_asked',
    })

    await runDue()
    expect(await requests()).toEqual([])
  })

  test('is asked about once while it waits, and again when its time is over', async () => {
    const first = await questioned()
    expect(await house.propose(looser)).toMatchObject({ created: false, confirmation: { id: first.id } })

    house.world.clock.advance(25 * 3_600)

    expect(await house.propose(looser)).toMatchObject({ outcome: 'unconfirmed', created: true })
  })

  test('at start it is asked about once, whatever became of it, and asked for once', async () => {
    const question = await questioned(looser, { via: 'startup' })
    house.world.clock.advance(25 * 3_600)
    await runDue()
    expect(await house.propose(looser, { via: 'startup' })).toMatchObject({
      created: false,
      confirmation: { id: question.id, state: 'lapsed' },
    })

    const other = await questioned(stricter, { via: 'startup' })
    await confirm(house.ports, await attempt(other.id))
    await runDue()
    const [request] = await requests()
    expect(await house.propose(stricter, { via: 'startup' })).toMatchObject({
      outcome: 'asked',
      created: false,
      request: { id: request?.id },
    })
  })

  test('that another policy has overtaken meanwhile is not asked for, and the entry says why', async () => {
    const question = await questioned()
    await activateBeside(stricter)

    await confirm(house.ports, await attempt(question.id))
    await runDue()

    expect(await requests()).toEqual([])
    expect((await store.policyEntries(1))[0]).toMatchObject({
      type: 'policy.refused',
      data: { confirmation: question.id },
    })
  })
})

async function activateBeside(files: Readonly<Record<string, string>>): Promise<void> {
  await activatePolicy(house.ports, { bundle: testBundle(files), files, by: 'test', via: 'test' })
  await house.renew()
}
