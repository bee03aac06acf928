import { expect, test } from 'vitest'
import { mint } from '../../src/approvals/grants/mint.ts'
import { eventually } from '../support/eventually.ts'
import { redeems } from '../support/grantedRequest.ts'
import { askTogether, clickAll } from '../support/setWorld.ts'
import { click } from '../support/world.ts'
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
