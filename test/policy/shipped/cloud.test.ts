import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { allows, asks, type Case, denies, expectJudged, judge, security, title } from './judge.ts'

const account = 'aws_account 111122223333'
const synthetic = 'aws_account 777788889999'
const ofSynthetic = 'cloud.aws.read-synthetic'
const inSynthetic = (service: string, operation: string) => ({
  params: { account: '777788889999', service, operation },
})
const call = (service: string, operation: string) => ({ params: { service, operation } })

const cases: readonly Case[] = [
  { ask: ['aws.call', 'prod', account], ...allows('cloud.aws.read') },
  { ask: ['aws.call', 'dev', account], verdict: 'deny', rules: [] },
  { ask: ['aws.call', 'prod', 'aws_account 999999999999'], ...asks() },
  { ask: ['aws.call', 'prod', account], ...call('ec2', 'RunInstances'), ...asks('cloud.aws.change') },
  {
    ask: ['aws.call', 'prod', account],
    ...call('secretsmanager', 'GetSecretValue'),
    ...asks('cloud.aws.change', 'cloud.aws.credentials'),
    legs: ['platform: 1 of group:platform-leads', security],
  },
  { ask: ['aws.call', 'dev', synthetic], ...inSynthetic('guardduty', 'GetFindings'), ...allows(ofSynthetic) },
  { ask: ['aws.call', 'dev', synthetic], ...inSynthetic('ecs', 'DescribeTasks'), ...allows(ofSynthetic) },
  {
    ask: ['aws.call', 'dev', synthetic],
    ...inSynthetic('ssm', 'GetParameter'),
    ...asks('cloud.aws.change', 'cloud.aws.credentials'),
    legs: ['platform: 1 of group:platform-leads', security],
  },
  { ask: ['aws.call', 'dev', synthetic], ...inSynthetic('dynamodb', 'GetItem'), ...asks('cloud.aws.change') },
  { ask: ['aws.call', 'dev', synthetic], ...inSynthetic('lambda', 'Invoke'), ...asks('cloud.aws.change') },
  { ask: ['aws.call', 'dev', synthetic], ...inSynthetic('s3', 'ListObjectsV2'), ...asks('cloud.aws.change') },
  { ask: ['aws.call', 'dev', synthetic], ...call('guardduty', 'GetFindings'), ...asks('cloud.aws.change') },
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
  'describeInstances',
  'Describe',
  'DescribeInstances --debug',
  'DescribeInstances\n',
  'xDescribeInstances',
  'ListBuckets',
  '',
])('%j of ec2 is not known', (operation) => {
  expect(verdictOf('ec2', operation)).toBe('require_approval')
})

/** Lists and descriptions that come with what people have put into them, or that are about people. */
const talkative = [
  'amplify ListApps',
  'apprunner DescribeService',
  'autoscaling DescribeLaunchConfigurations',
  'batch DescribeJobDefinitions',
  'batch DescribeJobs',
  'cloudformation DescribeStacks',
  'cloudfront ListDistributions',
  'codebuild ListSourceCredentials',
  'cognito-idp ListUsers',
  'comprehendmedical DescribeEntitiesDetectionV2Job',
  'connect ListContactReferences',
  'datapipeline DescribeObjects',
  'ec2 DescribeInstanceAttribute',
  'ec2 DescribeLaunchTemplateVersions',
  'ec2 DescribeSpotInstanceRequests',
  'ec2 DescribeVpnConnections',
  'ecs DescribeServices',
  'ecs DescribeTaskDefinition',
  'ecs DescribeTasks',
  'elasticbeanstalk DescribeConfigurationSettings',
  'emr ListSteps',
  'events DescribeConnection',
  'events ListTargetsByRule',
  'glue ListStatements',
  'iam ListAccessKeys',
  'iam ListUsers',
  'kms ListGrants',
  'lambda ListFunctions',
  'lambda ListVersionsByFunction',
  'mturk ListAssignmentsForHIT',
  'opsworks DescribeApps',
  'organizations ListAccounts',
  'rds DescribeDBLogFiles',
  's3 ListObjectsV2',
  's3 GetBucketLocation',
  's3 GetObjectTagging',
  's3 GetObjectAttributes',
  's3api GetBucketPolicy',
  's3express GetBucketPolicy',
  's3-object-lambda GetObjectAcl',
  'sagemaker DescribeTrainingJob',
  'servicecatalog DescribeRecord',
  'sns ListSubscriptions',
  'ssm DescribeParameters',
  'ssm ListCommandInvocations',
  'ssm ListCommands',
  'states DescribeExecution',
  'storagegateway DescribeChapCredentials',
  'support DescribeCases',
  'workspaces DescribeWorkspaces',
].map((text) => text.split(' '))

describe('a list or a description that is more than names and states', () => {
  test.each(talkative)('asks: %s %s', (service, operation) => {
    expect(verdictOf(service, operation)).toBe('require_approval')
  })
})

describe('what is read', () => {
  test.each([
    ['ec2', 'DescribeVpcs'],
    ['ecs', 'ListServices'],
    ['elasticloadbalancing', 'DescribeLoadBalancers'],
    ['rds', 'DescribeDBInstances'],
    ['iam', 'ListRoles'],
    ['kms', 'ListAliases'],
    ['cloudwatch', 'DescribeAlarms'],
    ['s3', 'ListBuckets'],
    ['s3control', 'ListAccessPoints'],
  ])('runs by itself, in the regions that there are: %s %s', (service, operation) => {
    expect(verdictOf(service, operation)).toBe('allow')
    expect(verdictOf(service, operation, { region: 'eu-central-1' })).toBe('allow')
  })

  test.each(['evil.test/#', 'eu-central-1.evil.test', 'eu-central-1\n', '../x', ''])(
    'asks in the region %j, which would be part of an address',
    (region) => {
      expect(verdictOf('ec2', 'DescribeVpcs', { region })).toBe('require_approval')
      expect(verdictOf('ecs', 'ListServices', { region })).toBe('require_approval')
      expect(verdictOf('rds', 'DescribeDBInstances', { region })).toBe('require_approval')
      expect(verdictOf('iam', 'ListRoles', { region })).toBe('require_approval')
    },
  )
})

function verdictOf(service = '', operation = '', more: JsonObject = {}): string {
  const params = { service, operation, ...more }
  return judge(['aws.call', 'prod', account], { params }).verdict.kind
}
