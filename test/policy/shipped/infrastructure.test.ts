import { test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, title } from './judge.ts'

const planned = (type: string, actions: readonly string[], more = {}): string =>
  JSON.stringify({
    format_version: '1.2',
    resource_changes: [{ address: `${type}.a`, mode: 'managed', type, change: { actions } }],
    ...more,
  })
const sandbox = { stack: 'sandbox-lee', creates: 1, changes: 1, destroys: 1 }

const plans: readonly Case[] = [
  {
    ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
    params: { ...sandbox, planned: planned('aws_instance', ['create']) },
    ...allows('infra.sandbox'),
  },
  {
    ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
    params: { ...sandbox, planned: planned('aws_instance', ['delete']) },
    ...allows('infra.sandbox'),
  },
  ...[
    'aws_db_instance',
    'aws_s3_bucket',
    'google_sql_database',
    'azurerm_managed_disk',
    'aws_rds_cluster',
  ].map(
    (type): Case => ({
      ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
      params: { ...sandbox, planned: planned(type, ['delete', 'create']) },
      ...asks('infra.plan.data'),
      legs: ['platform: 2 of group:platform-leads'],
      confirm: ['sandbox-lee'],
    }),
  ),
  {
    ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
    params: { ...sandbox, planned: planned('aws_db_instance', ['update']) },
    ...allows('infra.sandbox'),
  },
  {
    ask: ['infra.apply', 'prod', 'stack network'],
    params: { planned: planned('aws_instance', ['delete', 'create']) },
    ...asks('infra.apply', 'infra.destroy'),
    confirm: ['network'],
  },
  ...[
    'Plan: 1 to add',
    planned('aws_instance', ['create'], { errored: true }),
    planned('aws_instance', ['create'], { provisioners: ['local-exec'] }),
    planned('aws_instance', ['create'], { variables: {} }),
  ].map(
    (plan): Case => ({
      ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
      params: { ...sandbox, planned: plan },
      ...asks('infra.plan.unread'),
    }),
  ),
  {
    ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
    params: { ...sandbox, destroys: 0, planned: planned('aws_instance', ['delete']) },
    ...denies('infra.plan.more'),
  },
]

const cases: readonly Case[] = [
  {
    ask: ['infra.apply', 'dev', 'stack sandbox-lee'],
    params: { stack: 'sandbox-lee' },
    ...allows('infra.sandbox'),
  },
  {
    ask: ['infra.apply', 'prod', 'stack sandbox-lee'],
    params: { stack: 'sandbox-lee' },
    ...asks('infra.apply'),
  },
  { ask: ['infra.apply', 'dev', 'stack sandbox-lee'], ...asks('infra.apply') },
  {
    ask: ['infra.apply', 'prod', 'stack network'],
    ...asks('infra.apply'),
    legs: ['platform: 1 of group:platform-leads'],
  },
  {
    ask: ['infra.apply', 'prod', 'stack network'],
    params: { destroys: 1 },
    ...asks('infra.apply', 'infra.destroy'),
    legs: ['platform: 2 of group:platform-leads'],
    confirm: ['network'],
  },
  ...plans,
  { ask: ['dns.record.set', 'prod', 'zone acme.test'], ...asks('infra.dns') },
  {
    ask: ['dns.record.set', 'prod', 'zone acme.test'],
    params: { type: 'MX' },
    ...asks('infra.dns', 'infra.dns.mail'),
  },
]

test.each(cases)(title, expectJudged)
