import { expect, test } from 'vitest'
import { allows, asks, type Case, denies, expectJudged, judge, security, title } from './judge.ts'

const account = 'aws_account 111122223333'
const call = (service: string, operation: string) => ({ params: { service, operation } })

const cases: readonly Case[] = [
  { ask: ['aws.call', 'prod', account], ...allows('cloud.aws.inventory') },
  { ask: ['aws.call', 'dev', account], verdict: 'deny', rules: [] },
  { ask: ['aws.call', 'prod', 'aws_account 999999999999'], ...asks() },
  { ask: ['aws.call', 'prod', account], ...call('ec2', 'RunInstances'), ...asks('cloud.aws.change') },
  {
    ask: ['aws.call', 'prod', account],
    ...call('secretsmanager', 'GetSecretValue'),
    ...asks('cloud.aws.change', 'cloud.aws.credentials'),
    legs: ['platform: 1 of group:platform-leads', security],
  },
  {
    ask: ['aws.call', 'prod', account],
    ...call('iam', 'AttachRolePolicy'),
    ...asks('cloud.aws.change', 'cloud.aws.identity'),
    legs: ['iam: 2 of group:iam-admins', 'platform: 1 of group:platform-leads'],
  },
  {
    ask: ['aws.call', 'prod', account],
    ...call('rds', 'DeleteDBInstance'),
    ...asks('cloud.aws.change', 'cloud.aws.destroy'),
    confirm: ['DeleteDBInstance'],
  },
  {
    ask: ['aws.call', 'prod', account],
    ...call('cloudtrail', 'StopLogging'),
    ...denies('cloud.aws.watchers'),
    breakGlass: false,
  },
]

test.each(cases)(title, expectJudged)

test.each([
  'listbuckets',
  'List',
  'Listen',
  'ListBuckets --debug',
  'DescribeInstances\n',
  'xListBuckets',
  '',
])('%j is not taken for a list', (operation) => {
  const { verdict } = judge(['aws.call', 'prod', account], call('ec2', operation))

  expect(verdict.kind).toBe('require_approval')
})
