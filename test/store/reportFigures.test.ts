import { expect, test } from 'vitest'
import { closeReview } from '../../src/approvals/closeReview.ts'
import { reportFigures } from '../../src/approvals/evidence/reportFigures.ts'
import { expire } from '../../src/approvals/expire.ts'
import type { Listed } from '../../src/evidence/report/counting.ts'
import { withRecords } from '../../src/store/ledger/recordedEntries.ts'
import { smash } from '../approvals/emergency.ts'
import { ask, attemptBy, click, testWorld } from '../support/world.ts'
import { opened, silent } from './opened.ts'
import { sealed, tampered } from './sealingWorld.ts'

type Open = Awaited<ReturnType<typeof opened>>

const november = { since: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' }

function figuresIn({ databaseUrl }: Open, period: typeof november = november) {
  return withRecords({ databaseUrl, log: silent }, async (found) => {
    if (!found) throw new Error('there is a ledger')
    return reportFigures(found, { period, progress: () => undefined })
  })
}

/** Seven requests, counted by hand: one of each ending, and one that waits. */
async function storyOf(open: Open) {
  const world = await testWorld({ store: open.store })
  const allowed = await ask(world, 'repo.read')
  const refused = await ask(world, 'audit.delete')
  const approved = await ask(world, 'deploy.start')
  await expect(click(world, approved.id, 'U0LEE')).rejects.toMatchObject({ code: 'own_request' })
  await expect(click(world, approved.id, 'U0SAM')).rejects.toMatchObject({ code: 'not_in_leg' })
  world.clock.advance(60)
  await click(world, approved.id, 'U0GRACE')
  const denied = await ask(world, 'deploy.start')
  world.clock.advance(600)
  await click(world, denied.id, 'U0NOOR', { kind: 'deny' })
  const broken = await ask(world, 'host.reboot')
  world.clock.advance(30)
  await smash(world, broken.id, 'U0GRACE')
  await closeReview(world.ports, { ...attemptBy(broken.id, 'U0OMAR'), note: 'It was right.' })
  const expired = await ask(world, 'db.export')
  world.clock.advance(3_601)
  await expire(world.ports, expired.id)
  const waiting = await ask(world, 'iam.change')
  await sealed(open)
  return { allowed, refused, approved, denied, broken, expired, waiting }
}

const requests = ({ first }: Listed) => first.map(({ request }) => request)

test('a story that was counted by hand has these figures, and each leads to its entries', async () => {
  const open = await opened()
  const story = await storyOf(open)

  const { requests: asked, attempts, emergencies, people } = await figuresIn(open)

  expect(asked.asked.count).toBe(7)
  expect(requests(asked.ended.allowed)).toEqual([story.allowed.id])
  expect(requests(asked.ended.refused)).toEqual([story.refused.id])
  expect(requests(asked.ended.approved)).toEqual([story.approved.id])
  expect(requests(asked.ended.denied)).toEqual([story.denied.id])
  expect(requests(asked.ended.emergency)).toEqual([story.broken.id])
  expect(requests(asked.ended.expired)).toEqual([story.expired.id])
  expect(requests(asked.waiting)).toEqual([story.waiting.id])
  expect(asked.times).toMatchObject({ measured: 3, median: 60, ninetieth: 600, longest: 600 })
  expect(asked.actions.find(({ name }) => name === 'deploy.start')).toMatchObject({
    asked: { count: 2 },
    ended: { approved: { count: 1 }, denied: { count: 1 } },
  })
  expect(attempts.ownList).toMatchObject([
    { verb: 'approve', action: 'deploy.start', ref: { request: story.approved.id } },
  ])
  expect(emergencies).toMatchObject({ broken: { count: 1 }, onTime: { count: 1 }, overdue: { count: 0 } })
  const grace = people.people.find(({ name }) => /grace/i.test(people.names.get(name) ?? ''))
  expect(grace).toMatchObject({ did: { approved: { count: 1 }, brokeGlass: { count: 1 } } })
})

test('what is counted is what was sealed: the root of a report is the one that was signed', async () => {
  const open = await opened()
  await storyOf(open)
  const head = await withRecords(
    { databaseUrl: open.databaseUrl, log: silent },
    async (found) => found?.ledger.head,
  )

  const { ledger } = await figuresIn(open)

  expect(ledger).toMatchObject({ range: { from: 0, to: head?.size }, root: head?.root.toString('base64') })
  await tampered(open.pool, `UPDATE entries SET text = replace(text, 'repo.read', 'repo.rite')`)
  await expect(figuresIn(open)).rejects.toThrow('do not give the root that was signed')
})

test('a value that was erased has no name in the report, and everything is counted as before', async () => {
  const open = await opened()
  await storyOf(open)
  const before = await figuresIn(open)
  await tampered(open.pool, `UPDATE entry_blobs SET text = NULL, salt = NULL WHERE name = 'identity'`)

  const after = await figuresIn(open)

  expect([...before.people.names.values()]).not.toContain(null)
  expect(new Set(after.people.names.values())).toEqual(new Set([null]))
  expect(after.requests).toEqual(before.requests)
})
