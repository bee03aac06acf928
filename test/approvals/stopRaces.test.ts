import { beforeEach, describe, expect, test } from 'vitest'
import type { Change } from '../../src/approvals/change.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { refuseStopped } from '../../src/approvals/stops/refuse.ts'
import { rememberStops } from '../../src/approvals/stops/remember.ts'
import { submit } from '../../src/approvals/submit.ts'
import { everything, stoppingWorld } from '../support/stoppingWorld.ts'
import { agesOf } from '../support/testClock.ts'
import { click, envelope, submission, type World } from '../support/world.ts'

let { world, ports, store, clock, stop } = await stoppingWorld()
beforeEach(async () => {
  ;({ world, ports, store, clock, stop } = await stoppingWorld())
})

const stopped = { code: 'stopped' }

/** Another replica, which never hears that anything was stopped. */
function deafReplica(change: (change: Change) => Change = (one) => one): Ports {
  const there = { ...store, watch: () => () => {}, commit: (one: Change) => store.commit(change(one)) }
  return { ...ports, store: there, stops: rememberStops(there, agesOf(clock)) }
}

const askAt = (replica: Ports, action = 'repo.read') =>
  submit(replica, envelope(world), submission(action)).then(({ request }) => request)
const at = (replica: Ports): World => ({ ...world, ports: replica })
const trusting = ({ stopsRead: _, ...change }: Change) => change

describe('stale-replica: a replica that hears nothing of a stop', () => {
  test('believes that nothing is stopped, and its commit is refused', async () => {
    const replica = deafReplica()
    await askAt(replica)
    await stop(everything)

    expect((await replica.stops.standing()).stops).toEqual([])
    await expect(askAt(replica)).rejects.toMatchObject(stopped)
  })

  test('releases nothing', async () => {
    const replica = deafReplica()
    const { id } = await askAt(replica, 'iam.change')
    await click(at(replica), id, 'U0SAM')
    await stop(everything)

    await expect(click(at(replica), id, 'U0GRACE')).rejects.toMatchObject(stopped)
    expect(await store.request(id)).toMatchObject({ state: 'pending' })
  })

  test('control: a commit that does not name the stops lets it through', async () => {
    const replica = deafReplica(trusting)
    await askAt(replica)
    await stop(everything)

    await expect(askAt(replica)).resolves.toMatchObject({ state: 'approved' })
  })

  test('refuses nothing that was resumed, because it reads before it refuses', async () => {
    const replica = deafReplica()
    const made = await stop(everything)
    await expect(askAt(replica)).rejects.toMatchObject(stopped)
    const resumed = { by: made.by, at: made.at, reason: 'Fixed' }
    await store.commit({
      stops: [{ expected: made.version, next: { ...made, version: made.version + 1, resumed } }],
      entries: [],
    })

    await expect(askAt(replica)).resolves.toMatchObject({ state: 'approved' })
  })
})

describe('in-flight: a stop that comes while something is under way', () => {
  test.each(['repo.read', 'db.export'])('between the look and the commit of %s wins', async (action) => {
    let once = true
    const there = {
      ...store,
      async commit(change: Change) {
        if (change.request && once) {
          once = false
          await stop(everything)
        }
        return store.commit(change)
      },
    }

    await expect(askAt({ ...ports, store: there }, action)).rejects.toMatchObject(stopped)
    expect(await store.requests({ limit: 10 })).toEqual([])
  })

  test('fifty at once and a stop among them: whatever was committed after it is refused', async () => {
    const asked = Array.from({ length: 50 }, (_, nth) =>
      nth === 25 ? stop(everything).then(() => null) : askAt(ports).then(({ id }) => id),
    )
    const ids = (await Promise.allSettled(asked)).flatMap((one) =>
      one.status === 'fulfilled' && one.value ? [one.value] : [],
    )
    const madeAt = store.ledger.findIndex(({ type }) => type === 'stop.made')

    const after = store.ledger.slice(madeAt).filter(({ type }) => type === 'request.submitted')
    expect(after).toEqual([])
    expect(await store.requests({ limit: 100 })).toHaveLength(ids.length)
  })
})

test('a process that cannot read stops judges nothing', async () => {
  const broken = { ...store, standingStops: () => Promise.reject(new Error('the database is away')) }
  const blind = { ...ports, stops: rememberStops(broken, agesOf(clock)) }

  await expect(askAt(blind)).rejects.toThrow('the database is away')
  await expect(
    refuseStopped(blind, { agent: { id: 'a' }, action: { action: 'b' }, run: null }),
  ).rejects.toThrow()
  expect(await store.requests({ limit: 10 })).toEqual([])
})
