import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId, openCompany, sendForged } from './company.ts'
import { windowOf } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany({ logLevel: 'info' })
})
afterEach(() => company.close())

/** Everybody in the log whose click, command or mention was refused, with why. */
const refused = () =>
  company.logged
    .filter(({ msg }) => /^a (click|command|mention) was refused$/.test(String(msg)))
    .map(({ msg, level, account, code, requestId }) => ({ msg, level, account, code, requestId }))
const line = (msg: string, account: string, code: string, requestId: string | null) => ({
  msg,
  level: 30,
  account: `slack:${account}`,
  code,
  requestId,
})

test('a click that a verb refuses is in the log with who and why', async () => {
  const { request, at } = await company.asked('deploy.start')

  await company.local.as('U0ALICE').press(at, 'approve')

  await eventually(() =>
    expect(refused()).toEqual([line('a click was refused', 'U0ALICE', 'own_request', request.id)]),
  )
})

test('so is one that never came to a verb', async () => {
  const { at } = await company.asked('deploy.start')
  const card = company.local
    .as('U0GRACE')
    .messages(channelId)
    .find(({ ts }) => ts === at.ts)
  const block = card?.blocks.find((one) => JSON.stringify(one).includes('"action_id":"approve"'))

  await sendForged(
    company,
    { as: 'U0GRACE', at, blockId: String(block?.block_id), actionId: 'approve' },
    { value: 'made up' },
  )

  await eventually(() =>
    expect(refused()).toEqual([line('a click was refused', 'U0GRACE', 'foreign_payload', null)]),
  )
})

test('so is a window that is not opened', async () => {
  const { request, at } = await company.asked('deploy.start')

  await company.local.as('U0GWEN').press(at, 'deny')

  await eventually(() => expect(windowOf(company, 'U0GWEN')).toContain('Only active, full members'))
  expect(refused()).toEqual([line('a click was refused', 'U0GWEN', 'not_staff', request.id)])
})

test('so are a mention and a command', async () => {
  const { request, at } = await company.asked('deploy.start')

  await company.local.as('U0LEE').post(channelId, '<@U0COUNTERSIGN> approve', at.ts)
  await eventually(() => expect(refused()).toHaveLength(1))
  await company.local.as('U0GWEN').command(channelId, '/approvals')
  await eventually(() => expect(refused()).toHaveLength(2))

  expect(refused()).toEqual([
    line('a click was refused', 'U0LEE', 'own_request', request.id),
    line('a command was refused', 'U0GWEN', 'not_staff', null),
  ])
})

test('control: whoever is not refused is not there, and no line has what was written', async () => {
  const { at } = await company.asked('deploy.start')

  await company.local.as('U0GRACE').post(channelId, '<@U0COUNTERSIGN> deny because hunter2', at.ts)
  await company.local.as('U0ALICE').post(channelId, '<@U0COUNTERSIGN> deny because hunter2', at.ts)

  await eventually(() => expect(refused()).toHaveLength(1))
  expect(refused()).toMatchObject([{ account: 'slack:U0ALICE' }])
  expect(JSON.stringify(company.logged)).not.toContain('hunter2')
})
