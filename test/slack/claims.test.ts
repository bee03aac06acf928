import { afterEach, beforeEach, expect, test } from 'vitest'
import { alarm } from '../../src/approvals/cards/alarm.ts'
import { type Company, openCompany } from './company.ts'
import { cardAt } from './seen.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const mailOf = (name: string) => ({ email: `${name}@acme.test` })

test('claimed-initiator: the card says whom only the agent names, and its owner hears when they are most of those asked', async () => {
  const { request, at } = await company.asked('db.export', { involved: ['bob', 'priya', 'lee'].map(mailOf) })
  company.world.clock.advance(30)

  await alarm(company.world.ports, company.slack.channel, { request: request.id, why: 'claims' })
  await alarm(company.world.ports, company.slack.channel, { request: request.id, why: 'claims' })

  expect(cardAt(company, at.ts)).toContain('Also behind it: bob, priya (named by the agent)')
  const letters = Object.entries(company.local.as('U0LEE').sees().messages)
    .filter(([conversation]) => conversation.startsWith('D'))
    .flatMap(([, messages]) => messages)
  expect(letters).toHaveLength(1)
  expect(letters[0]?.text).toContain('Reviewers named as behind it: db.export')
  expect(JSON.stringify(letters[0]?.blocks)).toContain('2 of the 3 who could have decided cannot')
  expect(JSON.stringify(letters[0]?.blocks)).not.toContain('<@U0BOB>')
  expect(company.local.problems).toEqual([])
})

test('control: a request that names nobody else has no such line, and alarms nobody', async () => {
  const { request, at } = await company.asked('db.export')

  await alarm(company.world.ports, company.slack.channel, { request: request.id, why: 'claims' })

  expect(cardAt(company, at.ts)).not.toContain('Also behind it')
  expect(company.store.ledger.map(({ type }) => type)).not.toContain('alarm.sent')
})
