import { afterEach, beforeEach, expect, test } from 'vitest'
import { report } from '../../src/approvals/executions/report.ts'
import { digestAction } from '../../src/core/action.ts'
import { shortDigest } from '../../src/core/digest.ts'
import { saltedDigest } from '../../src/ledger/entry.ts'
import { eventually } from '../support/eventually.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { click } from '../support/world.ts'
import { type Company, channelId, openCompany } from './company.ts'
import { cardAt, ephemeralsTo, windowOf } from './seen.ts'

const secret = 'hunter2-of-alice'

/** The policy of the tests with an action that takes a password; `condition` may read it. */
const policy = (condition = '') =>
  testBundle({
    ...bundleFiles,
    'actions.yaml': `${bundleFiles['actions.yaml']}  user.create: {effect: write, params: {name: string, password: {type: string, sensitive: true}}}\n`,
    'rules/users.yaml': `
- id: user
  description: New users need the platform leads.
  match: {actions: [user.create]}
  ${condition}
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform-leads], count: 1}]}
`,
  })

let company: Company
beforeEach(async () => {
  company = await openCompany({ logLevel: 'info' })
})
afterEach(() => company.close())

const asked = (password = secret, name = 'alice') =>
  company.asked('user.create', {
    action: {
      action: 'user.create',
      resource: { type: 'directory', id: 'acme' },
      params: { name, password },
      environment: 'prod',
    },
  })

test('secrets: a sensitive parameter is shown nowhere in Slack, and the card says so', async () => {
  company.world.setPolicy(policy())
  const { request, at } = await asked()
  const long = await asked('another-secret', `alice ${'x '.repeat(6_000)}`)

  expect(cardAt(company, at.ts)).toContain('•••• (sensitive)')
  expect(cardAt(company, at.ts)).toContain('sensitive and not shown')
  await company.local.as('U0GRACE').press(long.at, 'full')
  await eventually(() => expect(windowOf(company, 'U0GRACE')).toContain('alice'))
  for (const command of [`show ${request.id}`, 'list'])
    await company.local.as('U0GRACE').command(channelId, `/approvals ${command}`)
  await eventually(() => expect(ephemeralsTo(company, 'U0GRACE').length).toBeGreaterThan(1))
  await click(company.world, request.id, 'U0GRACE')
  const action = { ...request.action, params: { name: 'alice', password: 'hunter3-of-alice' } }
  const done = {
    state: 'succeeded',
    action,
    digest: digestAction(action),
    result: null,
    links: [],
    note: null,
  } as const
  const by = { kind: 'agent', id: request.agent.id, via: 'api' } as const
  await report(company.world.ports, { request: request.id, by, report: done })
  await company.settle(request.id)
  await eventually(() => expect(cardAt(company, at.ts)).toContain('not what was approved'))

  const everything = JSON.stringify([
    company.local.as('U0GRACE').messages(channelId),
    company.local.as('U0PRIYA').messages('C0ALERTS'),
    windowOf(company, 'U0GRACE'),
    company.logged,
  ])
  expect(everything).toContain('alice')
  for (const word of [secret, 'another-secret', 'hunter3-of-alice']) expect(everything).not.toContain(word)
})

test('what an approver saw is kept as it was shown', async () => {
  company.world.setPolicy(policy())
  const { at } = await asked()

  await company.local.as('U0GRACE').press(at, 'approve')

  await eventually(() => expect(company.store.blobs.find(({ name }) => name === 'seen')).toBeDefined())
  const seen = company.store.blobs.find(({ name }) => name === 'seen')?.text
  expect(seen).toContain('password: "•••• (sensitive)"')
  expect(seen).not.toContain(secret)
})

test('nor is it undone by a digest: what people are shown has the one of the ledger', async () => {
  company.world.setPolicy(policy())
  const { request, at } = await asked()
  await asked('another-secret') // a list tells two that look alike apart by their digests
  const salted = saltedDigest(request.salt ?? '', request.digest)

  await company.local.as('U0GRACE').press(at, 'approve')
  await eventually(() => expect(company.store.blobs.find(({ name }) => name === 'seen')).toBeDefined())
  await company.local.as('U0GRACE').command(channelId, '/approvals list')
  await eventually(() => expect(ephemeralsTo(company, 'U0GRACE').length).toBeGreaterThan(0))
  const reported = { state: 'succeeded', action: null, digest: `sha256:${'0'.repeat(64)}` } as const
  const by = { kind: 'agent', id: request.agent.id, via: 'api' } as const
  const said = { ...reported, result: null, links: [], note: null }
  await report(company.world.ports, { request: request.id, by, report: said })
  await company.settle(request.id)
  await eventually(() => expect(cardAt(company, at.ts)).toContain('the whole action'))

  expect(cardAt(company, at.ts)).toContain(`salted sha256 ${shortDigest(`sha256:${salted}`)}`)
  expect(company.store.blobs.find(({ name }) => name === 'seen')?.text).toContain(
    `salted digest: sha256:${salted}`,
  )
  expect((await company.store.entries(request.id))[0]?.action_digest_salted).toBe(salted)
  const everything = JSON.stringify([
    company.local.as('U0GRACE').messages(channelId),
    ephemeralsTo(company, 'U0GRACE'),
    company.store.blobs.filter(({ name }) => name === 'seen'),
  ])
  for (const digest of [request.digest, shortDigest(request.digest)]) expect(everything).not.toContain(digest)
})

test('control: where a rule decides by it, the card shows it', async () => {
  company.world.setPolicy(policy('when: size(params.password) > 8'))

  const { request, at } = await asked()

  expect(cardAt(company, at.ts)).toContain(secret)
  expect(cardAt(company, at.ts)).not.toContain('not shown')
  expect(cardAt(company, at.ts)).toContain(` sha256 ${shortDigest(request.digest)}`)
})
