import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOwners } from '../../src/channels/owners.ts'
import { directoryToLook, saysOfChannel } from '../../src/cli/directoryToLook.ts'
import { eventually } from '../support/eventually.ts'
import { type Company, openCompany } from './company.ts'

let company: Company
beforeEach(async () => {
  company = await openCompany()
})
afterEach(() => company.close())

const homeOf = (user: string) => JSON.stringify(company.local.as(user).sees().home?.blocks ?? [])
const leaves = (user: string) => company.local.directory.changeMember(user, { deleted: true })

test('owner-left: Home lists the agents for those who are asked instead, and for nobody else', async () => {
  await company.local.as('U0SAM').home()
  await eventually(() => expect(homeOf('U0SAM')).toContain('Waiting for you'))
  expect(homeOf('U0SAM')).not.toContain('billing-agent')

  leaves('U0LEE')
  await company.local.as('U0GRACE').home()
  await company.local.as('U0BOB').home()

  await eventually(() => expect(homeOf('U0GRACE')).toContain('Agents whose owner has left'))
  expect(homeOf('U0GRACE')).toMatch(/billing-agent: .*has left/)
  expect(homeOf('U0GRACE')).toContain('countersign agents hand-over')
  await eventually(() => expect(homeOf('U0BOB')).toContain('Waiting for you'))
  expect(homeOf('U0BOB')).not.toContain('billing-agent')
})

const agents = [
  { name: 'nightly', accounts: ['slack:T0ACME:U0DANA'] },
  { name: 'both', accounts: ['slack:T0ACME:U0DANA', 'slack:T0ACME:U0LEE'] },
  { name: 'strange', accounts: ['slack:T0ELSEWHERE:U0NOBODY'] },
  { name: 'old', accounts: [] },
]
const silent = pino({ level: 'silent' })
const inSlack = (botToken: string) => ({ slack: { botToken, apiUrl: company.local.apiUrl }, teams: null })
const checked = (which: typeof agents) =>
  checkOwners(which, {
    directory: () => directoryToLook(inSlack('xoxb-test'), silent),
    saysOf: saysOfChannel,
  })

test('doctor names the agents whose owner has left, with the fix, and those of whom it is not known', async () => {
  const findings = await checked(agents)

  expect(findings.filter(({ name }) => name.startsWith('agent '))).toEqual([
    {
      name: 'agent nightly',
      ok: true,
      look: true,
      detail: expect.stringContaining('dana (slack:T0ACME:U0DANA)'),
      fix: expect.stringContaining('countersign agents hand-over nightly --to'),
    },
  ])
  expect(findings.filter(({ name }) => name === 'owners of agents')).toMatchObject([
    { ok: true, look: true, detail: expect.stringContaining('strange, old') },
  ])
})

test('control: doctor says that all is well when the owners are there', async () => {
  expect(await checked(agents.slice(1, 2))).toEqual([
    { name: 'owners of agents', ok: true, detail: 'all who are known are there', fix: null },
  ])
})

test('doctor does not reject when Slack refuses', async () => {
  const [finding] = await checkOwners(agents, {
    directory: () => directoryToLook(inSlack('xoxb-wrong'), silent),
    saysOf: saysOfChannel,
  })

  expect(finding).toMatchObject({ ok: false, detail: 'invalid_auth' })
})
