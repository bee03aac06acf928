import { expect, test } from 'vitest'
import { breakGlass } from '../../src/approvals/breakGlass.ts'
import { closeReview } from '../../src/approvals/closeReview.ts'
import { escalate, escalateInTime } from '../../src/approvals/escalate.ts'
import { expire } from '../../src/approvals/expire.ts'
import { overdueReview } from '../../src/approvals/overdueReview.ts'
import { ask, attemptBy, click, testWorld, type World } from '../support/world.ts'
import { opened } from './opened.ts'

/** Two replicas on one database. */
async function replicas(): Promise<readonly [World, World]> {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store })
  return [world, { ...world, store: second.store, ports: { ...world.ports, store: second.store } }]
}

const broken = { reason: 'INC-4711 everything is down', seen: 'facts' }
const smash = (world: World, id: string, user: string) =>
  breakGlass(world.ports, { ...attemptBy(id, user), ...broken })

const kinds = async (world: World, id: string) => (await world.store.entries(id)).map(({ type }) => type)

test('two-replicas: two broken glasses, a denial and the deadline in the same instant have one outcome', async () => {
  const [here, there] = await replicas()
  const { id } = await ask(here, 'host.reboot')

  const tries = await Promise.allSettled([
    smash(here, id, 'U0GRACE'),
    smash(there, id, 'U0OMAR'),
    click(there, id, 'U0SAM', { kind: 'deny' }),
    expire(here.ports, id),
  ])

  const request = await here.store.request(id)
  const decided = tries.slice(0, 3).filter(({ status }) => status === 'fulfilled')
  expect(decided).toHaveLength(1)
  const ends = (await kinds(here, id)).filter((type) => /^request\.(approved|denied|expired)$/.test(type))
  expect(ends).toEqual([`request.${request?.state}`])
  expect(request?.brokenGlass !== null).toBe(request?.state === 'approved')
})

test('two-replicas: one click that reaches both breaks one glass', async () => {
  const [here, there] = await replicas()
  const { id } = await ask(here, 'host.reboot')
  const attempt = { ...attemptBy(id, 'U0GRACE'), ...broken }

  const answers = await Promise.all([breakGlass(here.ports, attempt), breakGlass(there.ports, attempt)])

  expect(answers.map(({ repeated }) => repeated).sort()).toEqual([false, true])
  expect((await kinds(here, id)).filter((type) => type === 'glass.broken')).toHaveLength(1)
})

test('two-replicas: the deadline of an escalation on both, and somebody who could not wait', async () => {
  const [here, there] = await replicas()
  const { id } = await ask(here, 'node.drain')
  here.clock.advance(600)

  await Promise.all([
    escalateInTime(here.ports, { request: id, nth: 0 }),
    escalateInTime(there.ports, { request: id, nth: 0 }),
    escalate(there.ports, { ...attemptBy(id, 'U0GRACE'), reason: 'Plane.' }),
  ])

  const refs = (await here.store.request(id))?.escalations.map(({ to }) => to.ref) ?? []
  expect(new Set(refs).size).toBe(refs.length)
  expect((await kinds(here, id)).filter((type) => type === 'request.escalated')).toHaveLength(refs.length)
})

test('two-replicas: a review that is closed twice and falls due in the same instant is closed once', async () => {
  const [here, there] = await replicas()
  const { id } = await ask(here, 'host.reboot')
  await smash(here, id, 'U0GRACE')
  here.clock.advance(86_400)

  const tries = await Promise.allSettled([
    closeReview(here.ports, { ...attemptBy(id, 'U0SAM'), note: 'Fine.' }),
    closeReview(there.ports, { ...attemptBy(id, 'U0OMAR'), note: 'Fine too.' }),
    overdueReview(here.ports, id),
    overdueReview(there.ports, id),
  ])

  expect(
    tries
      .slice(0, 2)
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['fulfilled', 'rejected'])
  const types = await kinds(here, id)
  expect(types.filter((type) => type === 'review.closed')).toHaveLength(1)
  expect(types.filter((type) => type === 'review.overdue').length).toBeLessThanOrEqual(1)
})
