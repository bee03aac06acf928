import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountAlarm } from '../../src/approvals/cards/accountAlarm.ts'
import type { Job } from '../../src/approvals/job.ts'
import { linkOf } from '../../src/approvals/people/identify.ts'
import { lookAtAccounts } from '../../src/approvals/people/lookAtAccounts.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const bob = 'slack:T0ACME:U0BOB'
const changes = () => company.store.ledger.filter(({ type }) => type === 'account.changed')
const alarms = () =>
  [...company.store.jobs.values()].filter(
    (job): job is Extract<Job, { task: 'accountAlarm' }> => job.task === 'accountAlarm',
  )

test('changed-address: of somebody who changes nothing but their name nothing is told, and nobody is looked up whom we do not know', async () => {
  const { ports } = company.world
  await linkOf(ports, await ports.directory.account(bob))
  await lookAtAccounts(ports)
  const asked = () => company.local.calls.filter(({ method }) => method === 'users.info').length
  const before = asked()

  company.local.directory.changeMember('U0OMAR', { realName: 'Omar H.' })
  company.local.directory.changeMember('U0BOB', { email: 'BOB@acme.test' })
  await eventually(() => expect(asked()).toBe(before + 1))
  await company.local.idle()

  expect(asked()).toBe(before + 1)
  expect(changes()).toEqual([])
})

test('changed-address: what Slack tells is looked at at once, and told', async () => {
  const { ports } = company.world
  await linkOf(ports, await ports.directory.account(bob))
  await lookAtAccounts(ports)

  company.local.directory.changeMember('U0BOB', { email: 'robert@acme.test' })

  await eventually(() => expect(changes()).toMatchObject([{ data: { what: 'address', account: bob } }]))
  expect(alarms().length).toBeGreaterThan(0)
  for (const job of alarms()) await accountAlarm(ports, company.slack.channel, job)
  const seen = JSON.stringify(company.local.as('U0PRIYA').sees().messages)
  expect(seen).toContain('An account is not as it was')
  expect(seen).not.toContain('robert@')
  expect(company.local.problems).toEqual([])
})
