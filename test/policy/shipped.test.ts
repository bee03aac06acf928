import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { type Evaluation, evaluate } from '../../src/policy/evaluate.ts'
import { filesIn, loaded } from './files.ts'

const bundle = loaded(filesIn('policies'))

const params: Readonly<Record<string, JsonObject>> = {
  'repo.read': { repo: 'web' },
  's3.list': { bucket: 'acme-lake-in' },
  'db.query': { sql: 'select 1', tables: ['events'], limit: 10 },
  'db.export': {
    table: 'users',
    rows: 250_000,
    columns: ['id', 'email'],
    destination: 's3://acme-lake-in/x',
  },
  's3.copy': {
    source_bucket: 'a',
    source_region: 'eu-central-1',
    dest_bucket: 'b',
    dest_region: 'us-east-1',
    objects: 5,
  },
  'deploy.start': { service: 'checkout', version: '1.4.0', strategy: 'rolling' },
  'deploy.rollback': { service: 'checkout', version: '1.3.9' },
  'iam.role.update': { role: 'deployer', attach_policies: ['AdministratorAccess'], detach_policies: [] },
  'iam.token.create': { subject: 'ci', scopes: ['read'], ttl_hours: 1 },
  'audit.log.delete': { log_group: 'prod' },
}

function judge(action: string, environment: string, resource = 'table warehouse.users'): Evaluation {
  const [type = '', id = ''] = resource.split(' ')
  const asked = { action, environment, resource: { type, id }, params: params[action] ?? {} }
  return evaluate(bundle, {
    action: asked,
    agent: { id: 'agt_1', name: 'billing-agent' },
    at: '2026-11-24T14:00:00Z',
  })
}

interface Case {
  readonly ask: readonly [action: string, environment: string, resource: string]
  readonly verdict: 'allow' | 'deny' | 'require_approval'
  readonly rules: readonly string[]
  /** Each leg as `name: count of source or source`. */
  readonly legs?: readonly string[]
  readonly channels?: readonly string[]
}

const platform = { legs: ['platform: 1 of group:platform-leads'], channels: ['slack:C0APPROVALS'] }
const cases: readonly Case[] = [
  { ask: ['repo.read', 'prod', 'repo web'], verdict: 'allow', rules: ['baseline.read-only'] },
  { ask: ['s3.list', 'prod', 'bucket acme-lake-in'], verdict: 'allow', rules: ['baseline.read-only'] },
  { ask: ['audit.log.delete', 'dev', 'log_group dev'], verdict: 'deny', rules: ['baseline.audit-trail'] },
  { ask: ['db.query', 'staging', 'table warehouse.events'], verdict: 'allow', rules: ['data.query.nonprod'] },
  {
    ask: ['db.query', 'prod', 'table warehouse.events'],
    verdict: 'require_approval',
    rules: ['data.query.prod'],
    legs: ['data-owner: 1 of owner or group:data-owners'],
    channels: ['slack:C0DATA'],
  },
  { ask: ['db.export', 'dev', 'table warehouse.users'], verdict: 'allow', rules: ['data.export.nonprod'] },
  {
    ask: ['db.export', 'prod', 'table warehouse.users'],
    verdict: 'require_approval',
    rules: ['data.export.prod', 'data.export.prod.security'],
    legs: ['data-owner: 1 of owner or group:data-owners', 'security: 1 of group:security'],
    channels: ['slack:C0DATA'],
  },
  {
    ask: ['s3.copy', 'dev', 'bucket acme-lake-in'],
    verdict: 'require_approval',
    rules: ['data.s3.copy'],
    legs: ['data-owner: 1 of group:data-owners', 'security: 1 of group:security'],
  },
  { ask: ['deploy.start', 'staging', 'service checkout'], verdict: 'allow', rules: ['deploy.nonprod'] },
  { ask: ['deploy.rollback', 'dev', 'service checkout'], verdict: 'allow', rules: ['deploy.nonprod'] },
  {
    // The owner of every service is the same group that is named beside it: it is asked once.
    ask: ['deploy.start', 'prod', 'service checkout'],
    verdict: 'require_approval',
    rules: ['deploy.prod'],
    legs: ['release: 1 of owner'],
    channels: ['slack:C0DEPLOYS'],
  },
  {
    ask: ['deploy.start', 'prod', 'service status-page'],
    verdict: 'require_approval',
    rules: ['deploy.prod'],
    legs: ['release: 1 of owner or group:release-managers'],
  },
  {
    ask: ['deploy.rollback', 'prod', 'service checkout'],
    verdict: 'require_approval',
    rules: ['deploy.prod.rollback'],
    legs: ['release: 1 of group:platform-leads or group:release-managers'],
  },
  {
    ask: ['iam.role.update', 'dev', 'role deployer'],
    verdict: 'require_approval',
    rules: ['iam.role.change'],
    legs: ['iam: 2 of group:iam-admins'],
    channels: ['slack:C0SECURITY'],
  },
  {
    ask: ['iam.token.create', 'prod', 'role ci'],
    verdict: 'require_approval',
    rules: ['iam.token.any'],
    legs: ['security: 1 of group:security'],
    channels: ['slack:C0SECURITY'],
  },
  {
    ask: ['db.export', 'production', 'table warehouse.users'],
    verdict: 'require_approval',
    rules: [],
    ...platform,
  },
  { ask: ['never.heard.of', 'prod', 'table x'], verdict: 'require_approval', rules: [], ...platform },
]

describe('the policy that ships', () => {
  test.each(cases)('$ask is $verdict by $rules', ({ ask, verdict, rules, legs, channels }) => {
    const judged = judge(...ask)
    const asked = judged.requirement?.legs.map(
      ({ name, count, from }) => `${name}: ${count} of ${from.map(({ ref }) => ref).join(' or ')}`,
    )

    expect(judged.verdict).toMatchObject({ kind: verdict, rules })
    if (legs) expect(asked).toEqual(legs)
    if (channels) expect(judged.requirement?.notify.channels).toEqual(channels)
  })

  test('has a case here for every rule and every action', () => {
    const fired = new Set(cases.flatMap(({ rules }) => rules))
    const asked = new Set(cases.map(({ ask }) => ask[0]))

    expect(bundle.rules.map(({ id }) => id).filter((id) => !fired.has(id))).toEqual([])
    expect([...bundle.catalogue.keys()].filter((action) => !asked.has(action))).toEqual([])
  })

  test('reminds before every request expires', () => {
    for (const { ask } of cases) {
      const { requirement } = judge(...ask)
      if (requirement) expect(requirement.notify.remindAfterSeconds.length).toBeGreaterThan(0)
    }
  })

  test('asks two different sets of people about an export of personal data, within the shorter limits of the two rules', () => {
    const { requirement } = judge('db.export', 'prod')

    expect(requirement).toEqual({
      legs: [
        {
          name: 'data-owner',
          from: [
            { ref: 'owner', kind: 'account', address: 'slack:U0OMAR' },
            { ref: 'group:data-owners', kind: 'group', address: 'slack:S0DATA' },
          ],
          count: 1,
        },
        {
          name: 'security',
          from: [{ ref: 'group:security', kind: 'group', address: 'slack:S0SECURITY' }],
          count: 1,
        },
      ],
      denyCount: 1,
      expiresInSeconds: 2_700,
      grant: { ttlSeconds: 600, uses: 1 },
      notify: { channels: ['slack:C0DATA'], remindAfterSeconds: [600, 1_200] },
    })
  })
})
