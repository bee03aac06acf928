import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createInstruments } from '../../src/metrics/instruments.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { slackMethods } from '../../src/slack/outbound/endedCall.ts'
import { agentWith, allowedBody, exportBody, serve, temporaryDirectory } from '../server/serve.ts'
import { openWorkspace, registerAgent } from '../server/workspace.ts'
import { freshDatabase } from '../support/database.ts'
import { allowedLabels, forbiddenIn } from './labels.ts'
import { nothing } from './nothing.ts'
import { samplesOf } from './page.ts'

const mark = 'hunter2'

/** What somebody would write who wants to be read in a metric, or to write one. */
const hostile = `${mark}"} 1\ncountersign_ready{a="${mark}`

test('every metric has only labels that are allowed', async () => {
  const metrics = await createInstruments().register.getMetricsAsJSON()
  const named = metrics.map(({ name }) => name)

  expect(named.length).toBeGreaterThan(20)
  const register = createInstruments().register
  const unexpected = named.flatMap((name) => {
    const metric = register.getSingleMetric(name)
    const labels: readonly string[] = metric && 'labelNames' in metric ? (metric.labelNames as string[]) : [] // the library's own field
    const allowed = Object.keys(allowedLabels[name] ?? {})
    return labels.filter((label) => !allowed.includes(label)).map((label) => `${name}: ${label}`)
  })
  expect(unexpected).toEqual([])
})

test('whatever agents and people send, no label says any of it', async () => {
  const { slack, environment, deliverTo } = await openWorkspace()
  const served = await serve({
    ...environment,
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
  })
  deliverTo(served.url)
  const agent = agentWith(await registerAgent(served.config, `nightly-${mark}`))
  const bodies = [
    allowedBody,
    { ...exportBody, reason: hostile },
    { ...exportBody, action: hostile },
    { ...exportBody, action: `${mark}.unknown` },
    { ...exportBody, resource: { type: mark, id: hostile } },
    { ...exportBody, params: { ...exportBody.params, table: hostile, [mark]: mark } },
    { ...exportBody, environment: mark },
    { ...exportBody, initiator: { email: `${mark}@acme.test` } },
  ]
  const asked = []
  for (const body of bodies)
    asked.push(await agent.ask(served.url, body, { 'idempotency-key': `${mark}-${asked.length}` }))
  expect(asked.map(({ status }) => status)).toContain(202)
  const strange = [`/${mark}`, `/v1/requests/${mark}`, `/v1/requests/${asked[1]?.id}?${mark}=${mark}`]
  for (const path of strange)
    await fetch(served.url + path, { headers: { [mark]: mark, authorization: `Bearer ${mark}` } })
  await fetch(`${served.url}/${mark}`, { method: 'PROPFIND' })
  await expect.poll(() => slack.as('U0BOB').messages('C0DATA').length).toBeGreaterThan(0)

  const page = await (await fetch(`${served.url}/metrics`)).text()

  expect(page).not.toContain(mark)
  const samples = samplesOf(page)
  expect(samples.length).toBeGreaterThan(200)
  expect(forbiddenIn(samples)).toEqual([])
  for (const person of ['U0BOB', 'per_', 'req_', 'agt_', 'C0DATA', 'acme']) expect(page).not.toContain(person)
})

test('control: a value that comes from outside would be found', async () => {
  const metrics = createMetrics()
  metrics.httpCallEnded({ method: 'GET', route: `/v1/requests/${mark}`, status: 404 })
  metrics.slackCallEnded({ method: mark, outcome: 'ok', seconds: 0 })

  const found = forbiddenIn(samplesOf(await metrics.page(async () => nothing).text()))

  expect(new Set(found)).toEqual(
    new Set([
      `countersign_http_calls_total{route="/v1/requests/${mark}"}`,
      `countersign_slack_calls_total{method="${mark}"}`,
      ...['bucket', 'sum', 'count'].map((part) => `countersign_slack_call_seconds_${part}{method="${mark}"}`),
    ]),
  )
})

test('the methods of Slack that have a name are those that are called', () => {
  const sources = readdirSync('src/slack', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(`src/slack/${path}`, 'utf8'))
  const called = sources.flatMap((text) =>
    [...text.matchAll(/\.((?:auth|bots|chat|conversations|usergroups|users|views)(?:\.[a-zA-Z]+)+)\(/g)].map(
      ([, name = '']) => name,
    ),
  )
  const ofOurs = ['users.forget', 'users.get', 'views.flatMap', 'views.slice']

  expect([...new Set(called)].filter((name) => !ofOurs.includes(name)).sort()).toEqual(
    [...slackMethods].sort(),
  )
})
