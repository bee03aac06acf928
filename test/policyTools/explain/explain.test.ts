import { describe, expect, test } from 'vitest'
import { type Ask, factsOf } from '../../../src/policy/ask.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { storedFacts } from '../../../src/policy/facts.ts'
import { explain } from '../../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../../src/policyTools/explain/explanationText.ts'
import { steady } from '../../cli/bundles.ts'
import { bundleFiles, filesIn, loaded } from '../../policy/files.ts'

const example = loaded(
  new Map([
    ...filesIn('test/policy/example'),
    [
      'resources.yaml',
      `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: table, id: warehouse.users}, sensitivity: restricted, owner: group:data-owners}
`,
    ],
  ]),
)

const shipped = loaded(filesIn('policies'))

const bulk: Ask = {
  action: {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params: { table: 'users', rows: 250_000, columns: ['id', 'email'], destination: 's3://acme-lake-in/x' },
    environment: 'prod',
  },
  agent: { id: 'analyst-7', name: 'analyst-7' },
  initiator: { id: 'U1', email: 'dana@acme.example', kind: 'human' },
  at: '2026-11-24T13:00:00Z',
}

function textOf(ask: Ask, bundle = example): string {
  return steady(explanationText(explain(bundle, ask.action, factsOf(bundle, ask))))
}

test('an export that two rules decide', async () => {
  await expect(textOf(bulk)).toMatchFileSnapshot('../../golden/explain-approval.txt')
})

test('a denial that break-glass may lift', async () => {
  const action = {
    action: 's3.copy',
    resource: { type: 'bucket', id: 'acme-lake' },
    params: {
      source_bucket: 'acme-lake',
      source_region: 'eu-central-1',
      dest_bucket: 'x',
      dest_region: 'us-east-1',
      dest_account: '999988887777',
      objects: 3,
    },
    environment: 'prod',
  }
  await expect(textOf({ ...bulk, action })).toMatchFileSnapshot('../../golden/explain-denial.txt')
})

test('a rule for other environments, an absent parameter, an allow', async () => {
  const action = {
    action: 'deploy.start',
    resource: { type: 'service', id: 'shop' },
    params: { service: 'shop', version: '1', strategy: 'rolling' },
    environment: 'staging',
  }
  await expect(textOf({ ...bulk, action })).toMatchFileSnapshot('../../golden/explain-allow.txt')
})

test('parameters that do not fit are explained without any rule', () => {
  const text = textOf({ ...bulk, action: { ...bulk.action, params: { table: 'users' } } })

  expect(text).toContain('0 candidate rules of 16')
  expect(text).toContain('verdict: deny  (invalid_request)')
})

test('the recorded verdict again: from stored facts, whatever the inventory says now', () => {
  const { verdict } = evaluate(example, bulk)
  const stored = storedFacts(JSON.parse(JSON.stringify(verdict.facts)))

  expect(stored && explain(example, bulk.action, stored).evaluation.verdict).toEqual(verdict)
})

test('what the defaults and the floor set is said to come from them', () => {
  const bundle = loaded(
    bundleFiles({
      'rules/a.yaml': `
- id: ask
  description: Asks for long.
  match: {actions: [db.export]}
  verdict: require_approval
  require: {expires_in: 2d, grant: {ttl: 5m}}
`,
    }),
  )
  const action = { ...bulk.action, params: { table: 'users', rows: 5 } }

  expect(textOf({ ...bulk, action }, bundle)).toContain('expires     1d   ← floor')
  expect(textOf({ ...bulk, action }, bundle)).toContain('grant       1 use, 5m, asked for within 15m   ← ask')
  expect(textOf({ ...bulk, action: { ...action, action: 'db.query', params: {} } }, bundle)).toContain(
    'approve     1 × group:platform   ← defaults',
  )
})

test('control characters in a fact cannot draw on the terminal', () => {
  const params = { ...bulk.action.params, destination: '\u001b[2J\u202ebad' }

  const text = textOf({ ...bulk, action: { ...bulk.action, params } })
  expect(text).toContain('bad')
  expect(text).not.toContain('\u001b')
  expect(text).not.toContain('\u202e')
})

describe('the nearest rule', () => {
  const first = { small_refunds_a_day: { count: 1 } }
  const nearestOf = (action: Partial<Ask['action']>) => {
    const ask = { ...bulk, action: { ...bulk.action, ...action }, budget: first }
    return explain(shipped, ask.action, factsOf(shipped, ask)).nearest
  }
  const refund = {
    action: 'refund.create',
    resource: { type: 'order', id: '1' },
    params: { order: '1', amount_cents: 5_001, currency: 'EUR' },
  }

  test('is the one that would have said less, with the one condition that differs', () => {
    expect(nearestOf(refund)).toMatchObject({
      rule: 'money.refund.small',
      verdict: 'allow',
      differs: [{ part: { source: 'params.amount_cents <= 5000', value: 'false' } }],
    })
  })

  test('is told with its condition', () => {
    expect(textOf({ ...bulk, action: { ...bulk.action, ...refund }, budget: first }, shipped)).toContain(
      'nearest     money.refund.small (allow): one condition differs\n       when   false   params.amount_cents <= 5000    [params.amount_cents = 5001]',
    )
  })

  test('is one of any kind where no rule spoke, also by its exception or by where it applies', () => {
    const deploy = {
      action: 'deploy.start',
      resource: { type: 'service', id: 'checkout' },
      params: { service: 'checkout', version: '1.4.0', strategy: 'rolling', skip_tests: true },
    }
    expect(nearestOf({ ...deploy, environment: 'staging' })).toMatchObject({
      rule: 'deploy.nonprod',
      differs: [{ part: { of: 'unless', value: 'true' } }],
    })
    expect(nearestOf({ ...deploy, params: { ...deploy.params, skip_tests: false } })).toMatchObject({
      rule: 'deploy.nonprod',
      differs: [{ of: 'environments', listed: ['dev', 'test', 'staging'] }],
    })
  })

  test('is none where what was said is the least, or every rule is about something else', () => {
    expect(nearestOf({ ...refund, params: { ...refund.params, amount_cents: 1 } })).toBeNull()
    expect(nearestOf({ action: 'secret.delete', params: { name: 'x' } })).toBeNull()
  })
})
