import { beforeEach, describe, expect, test } from 'vitest'
import { alarm } from '../../src/approvals/cards/alarm.ts'
import { closeReview } from '../../src/approvals/closeReview.ts'
import { story, viewOf } from '../../src/approvals/inspect.ts'
import { reviewsFor } from '../../src/approvals/lists.ts'
import { overdueReview } from '../../src/approvals/overdueReview.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { ReviewAttempt } from '../../src/approvals/personCommand.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import type { EntryType } from '../../src/ledger/entry.ts'
import { lost, refused, type TestChannel, testChannel } from '../support/channel.ts'
import { losing } from '../support/losing.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { entriesOf } from '../support/recorded.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, attemptBy, testWorld, type World } from '../support/world.ts'
import { smash } from './emergency.ts'

let world: World
let store: MemoryStore
let channel: TestChannel
let request: ActionRequest
beforeEach(async () => {
  store = memoryStore()
  world = await testWorld({ store })
  channel = testChannel()
  request = await broken('host.reboot')
})

async function broken(action: string): Promise<ActionRequest> {
  const { id } = await ask(world, action)
  return (await smash(world, id, 'U0GRACE')).request
}

const review = (user: string, change: Partial<ReviewAttempt> = {}) =>
  closeReview(world.ports, {
    ...attemptBy(request.id, user),
    note: 'Looked at the logs: as announced.',
    ...change,
  })

const recorded = (type: EntryType) => entriesOf(store, request.id, type)

const accountOf = (user: string) => world.directory.account(`slack:${user}`)
const day = 86_400

describe('closing the review', () => {
  test.each([
    ['an approver', 'U0SAM'],
    ['somebody else of the emergency path', 'U0OMAR'],
  ])('is done by %s, once, and is recorded', async (_, user) => {
    const { request: reviewed } = await review(user)

    expect(reviewed).toMatchObject({
      state: 'approved',
      version: 3,
      brokenGlass: {
        account: keyOf('U0GRACE'),
        review: { account: keyOf(user), note: 'Looked at the logs: as announced.' },
      },
    })
    const [entry] = await recorded('review.closed')
    expect(entry).toMatchObject({ actor: { account: keyOf(user) }, data: { late: false } })
    expect(entry?.blobs.map((blob) => blob.name)).toEqual(['identity', 'note'])
    expect([...store.jobs.keys()]).not.toContain(`review:${request.id}`)
    expect([...store.jobs.keys()]).toContain(`refresh:${request.id}`)
    await expect(review('U0PRIYA')).rejects.toMatchObject({ code: 'no_open_review' })
  })

  test.each([
    ['whoever broke the glass', 'U0GRACE', 'own_break_glass'],
    ['own-request: the initiator', 'U0ALICE', 'own_request'],
    ['own-request: the owner of the agent', 'U0LEE', 'own_request'],
    ['outsider: somebody who was never asked', 'U0BOB', 'not_in_leg'],
  ])('is not done by %s, and the attempt is recorded', async (_, user, code) => {
    world.directory.groups.set('S0SECURITY', ['U0PRIYA', 'U0SAM', 'U0ALICE', 'U0LEE'])

    await expect(review(user)).rejects.toMatchObject({ code })

    expect((await store.request(request.id))?.brokenGlass?.review).toBeNull()
    const [entry] = await recorded('decision.refused')
    expect(entry?.data).toMatchObject({ kind: 'close_review', code })
  })

  test('is not done by whoever broke it through another account of theirs', async () => {
    await linkAccounts(world.ports, {
      account: { email: 'grace@acme.test' },
      other: { email: 'sam@acme.test' },
      via: 'cli',
    })
    await expect(review('U0SAM')).rejects.toMatchObject({ code: 'own_break_glass' })
  })

  test('control: the same account reviews as long as nobody has linked them', async () => {
    await expect(review('U0SAM')).resolves.toMatchObject({ repeated: false })
  })

  test('needs a note', async () => {
    await expect(review('U0SAM', { note: ' \n' })).rejects.toMatchObject({ code: 'reason_needed' })
  })

  test('has nothing to close where no glass was broken', async () => {
    const other = await ask(world, 'host.reboot')
    await expect(review('U0SAM', { request: other.id })).rejects.toMatchObject({ code: 'no_open_review' })
  })

  test('is late, and still right, after its time', async () => {
    world.clock.advance(2 * day)
    await review('U0SAM')
    expect((await recorded('review.closed'))[0]?.data).toMatchObject({ late: true })
  })

  test('two at once: one note stands, the other person hears that it is closed', async () => {
    const tries = await Promise.allSettled([review('U0SAM'), review('U0OMAR')])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await recorded('review.closed')).toHaveLength(1)
  })

  test('redelivery: the same click twice closes it once', async () => {
    await review('U0SAM', { delivery: 'same' })
    expect((await review('U0SAM', { delivery: 'same' })).repeated).toBe(true)
  })

  test('of a lifted denial is for the others of the emergency path', async () => {
    request = await broken('freeze.deploy')
    await expect(review('U0SAM')).rejects.toMatchObject({ code: 'not_in_leg' })
    await expect(review('U0OMAR')).resolves.toMatchObject({ repeated: false })
  })
})

describe('open reviews', () => {
  test('are listed for whoever may close them, until somebody has', async () => {
    const listed = async (user: string) =>
      (await reviewsFor(world.ports, await accountOf(user))).map(({ id }) => id)

    expect(await listed('U0SAM')).toEqual([request.id])
    expect(await listed('U0GRACE')).toEqual([])
    expect(await listed('U0BOB')).toEqual([])
    await review('U0OMAR')
    expect(await listed('U0SAM')).toEqual([])
  })

  test('show the names of whoever broke the glass and whoever reviewed', async () => {
    const { request: reviewed } = await review('U0SAM')
    const { people } = await viewOf(world.ports, reviewed)
    expect([...people.values()].map(({ name }) => name)).toEqual(
      expect.arrayContaining(['U0GRACE', 'U0SAM', 'U0ALICE']),
    )
  })
})

describe('the time to review is over', () => {
  test('that is recorded once, the thread hears it and the alarm sounds again', async () => {
    world.clock.advance(day)

    await overdueReview(world.ports, request.id)
    await overdueReview(world.ports, request.id)

    expect(await recorded('review.overdue')).toHaveLength(1)
    expect([...store.jobs.keys()]).toEqual(
      expect.arrayContaining([`refresh:${request.id}`, `alarm:${request.id}:overdue`]),
    )
  })

  test('nothing happens when somebody has closed it', async () => {
    await review('U0SAM')
    world.clock.advance(day)
    await overdueReview(world.ports, request.id)
    expect(await recorded('review.overdue')).toEqual([])
  })

  test('clock: not before its time; its job waits again', async () => {
    world.clock.advance(day - 1)
    await overdueReview(world.ports, request.id)
    expect(await recorded('review.overdue')).toEqual([])
    expect(store.jobs.get(`review:${request.id}`)).toMatchObject({ at: '2026-11-25T14:00:00.000Z' })
  })
})

describe('the alarm', () => {
  const sound = (why: 'broken' | 'overdue' = 'broken') =>
    alarm(world.ports, channel, { request: request.id, why })

  test('reaches every address that the policy names, once, however often its job runs', async () => {
    await sound()
    await sound()
    expect(channel.said).toEqual(['alarm broken slack:C0ALERTS', 'alarm broken slack:S0SECURITY'])
    expect((await recorded('alarm.sent')).map(({ data }) => data)).toEqual([
      { why: 'broken', address: 'slack:C0ALERTS' },
      { why: 'broken', address: 'slack:S0SECURITY' },
    ])
  })

  test('sounds again for an overdue review', async () => {
    await sound()
    await sound('overdue')
    expect(channel.said).toHaveLength(4)
  })

  test('slack-down: one address that refuses does not keep the others from it, and is tried again', async () => {
    channel.fail = (call) => (call.endsWith('C0ALERTS') ? { fault: refused, tookEffect: false } : null)
    await expect(sound()).rejects.toMatchObject({ code: refused.code })
    expect(channel.said).toEqual(['alarm broken slack:S0SECURITY'])

    channel.fail = () => null
    await sound()
    expect(channel.said).toEqual(['alarm broken slack:S0SECURITY', 'alarm broken slack:C0ALERTS'])
  })

  test('whose answer was lost sounds again: rather twice than never', async () => {
    channel.fail = (call) => (call.endsWith('C0ALERTS') ? { fault: lost, tookEffect: true } : null)
    await expect(sound()).rejects.toMatchObject({ code: lost.code })
    channel.fail = () => null
    await sound()
    expect(channel.said.filter((call) => call.endsWith('C0ALERTS'))).toHaveLength(2)
  })

  test.each(['before', 'after'] as const)(
    'kill-anywhere: is never missed when a commit breaks just %s',
    async (when) => {
      for (const nth of [1, 2]) {
        const ports = { ...world.ports, store: losing(store, nth, when).store }
        await alarm(ports, channel, { request: request.id, why: 'broken' }).catch(() => {})
      }
      await sound()
      const reached = new Set(channel.said)
      expect(reached).toEqual(new Set(['alarm broken slack:C0ALERTS', 'alarm broken slack:S0SECURITY']))
      expect(await recorded('alarm.sent')).toHaveLength(2)
    },
  )

  test('whoever it reaches may read what it is about, once the glass is broken, and outsiders may not', async () => {
    const { id } = await ask(world, 'freeze.deploy')
    const readBy = async (user: string, request = id) => story(world.ports, request, await accountOf(user))
    await expect(readBy('U0SAM')).rejects.toMatchObject({ code: 'unknown_request' })

    const lifted = await broken('freeze.deploy')
    await expect(readBy('U0SAM', lifted.id)).resolves.toBeDefined()
    await expect(readBy('U0BOB', lifted.id)).rejects.toMatchObject({ code: 'unknown_request' })
  })

  test('is silent where no glass was broken', async () => {
    request = await ask(world, 'host.reboot')
    await sound()
    expect(channel.said).toEqual([])
  })
})
