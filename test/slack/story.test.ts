import { expect, test } from 'vitest'
import { mint } from '../../src/approvals/grants/mint.ts'
import { narrow } from '../../src/approvals/narrowing/narrow.ts'
import { askForChanges } from '../../src/approvals/notes/ask.ts'
import { eventually } from '../support/eventually.ts'
import { redeems } from '../support/grantedRequest.ts'
import { narrowingBundle } from '../support/narrowingBundle.ts'
import { askTogether, clickAll } from '../support/setWorld.ts'
import { ask, attemptBy, click, submission } from '../support/world.ts'
import { channelId, openCompany } from './company.ts'
import { ephemeralsTo } from './seen.ts'

test('the story of a request goes on in words after its approval: the grant, and what went wrong with it', async () => {
  const company = await openCompany()
  const { world } = company
  const caller = { agent: world.agent.agent, key: world.agent.key }
  const { request } = await company.asked('deploy.start')
  await click(world, request.id, 'U0GRACE')
  const what = await mint(world.ports, {
    request: request.id,
    caller,
    via: 'api',
    audience: null,
    proof: null,
  })
  const other = `sha256:${'0'.repeat(64)}` as const
  await redeems(world, what, caller, { named: other }).catch(() => undefined)
  await redeems(world, what, caller)
  await redeems(world, what, caller)
  await redeems(world, what, caller, { attempt: 'attempt-2' }).catch(() => undefined)

  await company.local.as('U0ALICE').command(channelId, `/approvals show ${request.id}`)

  const told = () => JSON.stringify(ephemeralsTo(company, 'U0ALICE'))
  await eventually(() => expect(told()).toContain('tried to redeem its grant a second time'))
  for (const words of [
    'got its grant',
    'tried to redeem its grant for another action',
    'redeemed its grant',
    'got the answer to its redemption once more',
  ])
    expect(told()).toContain(words)
  expect(told()).toMatch(
    /in the ledger memory\/ledger from \d+ to \d+; an auditor verifies it with: countersign audit request req_/,
  )
  expect(told(), 'no name of a kind of entry').not.toMatch(/\b(grant|redemption|token)\.[a-z]/)
  await company.close()
})

test('the history of a card that asks about several says of each entry which line it is about', async () => {
  const company = await openCompany()
  const { world } = company
  const set = await askTogether(world, ['deploy.start', 'deploy.start'])
  await clickAll(world, set, 'U0GRACE', { lines: [1], kind: 'deny', reason: 'Not this one.' })
  const [carrier] = set.requests

  await company.local.as('U0ALICE').command(channelId, `/approvals show ${carrier?.id}`)

  const told = () => JSON.stringify(ephemeralsTo(company, 'U0ALICE'))
  await eventually(() => expect(told()).toContain('line 2 denied, by'))
  expect(told()).not.toContain('rollback')
  await company.close()
})

test('where one request was asked instead of another, the story of each names the other', async () => {
  const company = await openCompany()
  const { world, store } = company
  world.setPolicy(narrowingBundle())
  const dump = (more: Parameters<typeof submission>[1] = {}) => {
    const params = { rows: 5_000, columns: ['id', 'name'] }
    return ask(world, 'data.dump', submission('data.dump', { params, ...more }))
  }
  const first = await dump()
  await askForChanges(world.ports, { ...attemptBy(first.id, 'U0BOB'), text: 'Fewer rows.' })
  const revision = await dump({ revises: first.id, params: { rows: 4_000, columns: ['id', 'name'] } })
  const lowered = { ...attemptBy(revision.id, 'U0BOB'), lowered: { rows: 500 }, reason: null, seen: 'facts' }
  await narrow(world.ports, lowered)
  const less = (await store.request(revision.id))?.narrowed?.to ?? ''

  for (const id of [first.id, revision.id, less])
    await company.local.as('U0ALICE').command(channelId, `/approvals show ${id}`)
  const told = () => JSON.stringify(ephemeralsTo(company, 'U0ALICE').map(({ blocks }) => blocks))

  for (const words of [
    `cancelled, revised as \`${revision.id}\``,
    `Its agent asked ${revision.id} instead.`,
    `asked, as a revision of \`${first.id}\``,
    `narrowed it, to \`${less}\``,
    `An approver let less through: ${less} asks for that.`,
    `asked, for less than \`${revision.id}\``,
  ])
    await eventually(() => expect(told()).toContain(words))
  await company.close()
})
