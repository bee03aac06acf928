import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import published from '../../../src/policy/readers/aws/actions.json' with { type: 'json' }
import { readAws } from '../../../src/policy/readers/aws/aws.ts'
import * as reviewed from '../../../src/policy/readers/aws/reviewed.ts'
import { accessOf, tableOf } from '../../../src/policy/readers/aws/table.ts'

const facts = (service: string, operation: string) => {
  const reading = readAws(service, operation)
  return reading.understood ? reading.facts : null
}

describe('an operation that AWS lists', () => {
  test.each([
    ['ec2', 'DescribeInstances', 'list', []],
    ['iam', 'GetRole', 'read', []],
    ['ec2', 'RunInstances', 'write', []],
    ['ec2', 'CreateTags', 'tagging', []],
    ['iam', 'AttachRolePolicy', 'permissions', ['escalation', 'exposure']],
    ['s3', 'GetObject', 'read', ['contents']],
    ['secretsmanager', 'GetSecretValue', 'read', ['credentials']],
    ['lambda', 'ListFunctions', 'list', ['settings']],
    ['identitystore', 'ListUsers', 'list', ['people']],
    ['bedrock', 'InvokeModel', 'read', ['acts']],
    ['sts', 'AssumeRole', 'write', ['credentials']],
  ])('%s %s has the level %s and the risks %j', (service, operation, access, risks) => {
    expect(facts(service, operation)).toMatchObject({ service, access, risks: expect.arrayContaining(risks) })
    if (risks.length === 0) expect(facts(service, operation)).toMatchObject({ risks: [] })
  })

  test('is found by the name that SDKs give its service, and by the name of the operation where IAM has another', () => {
    expect(facts('elbv2', 'DescribeLoadBalancers')).toMatchObject({ service: 'elasticloadbalancing' })
    expect(facts('s3', 'ListBuckets')).toMatchObject({ action: 'ListAllMyBuckets', access: 'list' })
    expect(facts('s3', 'HeadObject')).toMatchObject({ action: 'GetObject', risks: ['contents', 'anybody'] })
  })
})

describe('a read whose answer is more than names and states', () => {
  test.each([
    ['credentials', 'cognito-idp', 'DescribeIdentityProvider'],
    ['credentials', 'ds', 'DescribeDirectories'],
    ['credentials', 'cloudhsm', 'DescribeClusters'],
    ['credentials', 'dataexchange', 'ListJobs'],
    ['credentials', 'dataexchange', 'ListRevisionAssets'],
    ['credentials', 'emr-serverless', 'GetSessionEndpoint'],
    ['credentials', 'gamelift', 'DescribeFleetEvents'],
    ['credentials', 'invoicing', 'GetProcurementPortalPreference'],
    ['credentials', 'lex', 'DescribeBotRecommendation'],
    ['credentials', 'lex', 'DescribeTestSetDiscrepancyReport'],
    ['credentials', 'ses', 'GetImportJob'],
    ['credentials', 'snowball', 'DescribeJob'],
    ['credentials', 'devicefarm', 'ListSamples'],
    ['credentials', 'bedrock-agentcore', 'GetDataset'],
    ['credentials', 'aidevops', 'ListServices'],
    ['credentials', 'aidevops', 'DescribeServices'],
    ['settings', 'appconfig', 'GetDeployment'],
    ['settings', 'cleanrooms-ml', 'GetTrainedModel'],
    ['settings', 'cleanrooms-ml', 'GetTrainedModelInferenceJob'],
    ['settings', 'cleanrooms-ml', 'GetConfiguredModelAlgorithm'],
    ['settings', 'devicefarm', 'ListRuns'],
    ['settings', 'devicefarm', 'GetProject'],
    ['settings', 'devicefarm', 'ListProjects'],
    ['settings', 'elasticmapreduce', 'ListSessions'],
    ['settings', 'elasticmapreduce', 'GetSession'],
    ['settings', 'events', 'DescribeSubscriber'],
    ['settings', 'iotsitewise', 'DescribeTask'],
    ['settings', 'iotsitewise', 'DescribePipeline'],
    ['settings', 'iotsitewise', 'DescribePipelineExecution'],
    ['settings', 'kafkaconnect', 'DescribeConnectorOperation'],
    ['settings', 'lambda', 'ListMicrovmImageVersions'],
    ['settings', 'pcs', 'GetComputeNodeGroup'],
    ['credentials', 'datazone', 'GetConnection'],
    ['credentials', 'dataexchange', 'GetJob'],
    ['credentials', 'medialive', 'ListChannels'],
    ['credentials', 'mobiletargeting', 'GetGcmChannel'],
    ['credentials', 'iotwireless', 'GetWirelessDevice'],
    ['credentials', 'kinesisvideo', 'GetIceServerConfig'],
    ['credentials', 'ivs', 'GetIngestConfiguration'],
    ['credentials', 'amplify', 'GetArtifactUrl'],
    ['credentials', 'amplify', 'ListWebHooks'],
    ['credentials', 'auditmanager', 'GetAssessmentReportUrl'],
    ['credentials', 'codepipeline', 'ListWebhooks'],
    ['credentials', 'workspaces', 'DescribeWorkspaceDirectories'],
    ['credentials', 'firehose', 'DescribeDeliveryStream'],
    ['settings', 'kafkaconnect', 'DescribeConnector'],
    ['settings', 'datasync', 'DescribeLocationFsxOpenZfs'],
    ['anybody', 's3', 'DescribeJob'],
    ['settings', 'kafkaconnect', 'ListWorkerConfigurations'],
    ['credentials', 'mediaconvert', 'SearchJobs'],
    ['settings', 'ssm', 'ListAssociationVersions'],
    ['settings', 'elasticmapreduce', 'DescribeCluster'],
    ['settings', 'emr-containers', 'ListJobTemplates'],
    ['settings', 'glue', 'GetTriggers'],
    ['settings', 'scheduler', 'GetSchedule'],
    ['settings', 'pipes', 'DescribePipe'],
    ['settings', 'imagebuilder', 'GetComponent'],
    ['settings', 'sagemaker', 'DescribePipelineDefinitionForExecution'],
    ['settings', 'sagemaker', 'DescribeModelBiasJobDefinition'],
    ['settings', 'cloudformation', 'ListExports'],
    ['settings', 'bedrock-agentcore', 'GetAgentRuntime'],
    ['settings', 'cloudfront', 'ListDistributionsByWebACLId'],
    ['settings', 'osis', 'GetPipeline'],
    ['settings', 'securityhub', 'GetFindings'],
    ['credentials', 'omics', 'GetRun'],
    ['people', 'route53domains', 'GetDomainDetail'],
    ['credentials', 'sns', 'ListEndpointsByPlatformApplication'],
    ['people', 'quicksight', 'DescribeUser'],
    ['people', 'organizations', 'ListHandshakesForAccount'],
    ['people', 'activate', 'GetAccountContact'],
    ['people', 'datazone', 'SearchUserProfiles'],
    ['people', 'iam', 'GetAccountAuthorizationDetails'],
    ['anybody', 'cloudformation', 'ValidateTemplate'],
    ['anybody', 'cloudformation', 'EstimateTemplateCost'],
    ['acts', 'cloudformation', 'DetectStackDrift'],
    ['acts', 'cloudformation', 'DetectStackSetDrift'],
    ['contents', 'waf', 'GetSampledRequests'],
    ['contents', 'cloudfront-keyvaluestore', 'ListKeys'],
    ['contents', 'logs', 'GetLookupTable'],
    ['contents', 'cloudwatch', 'GetTelemetryQueryResults'],
    ['contents', 'iotsitewise', 'BatchGetAssetPropertyValueHistory'],
    ['contents', 'ebs', 'GetSnapshotBlock'],
    ['contents', 's3-outposts', 'GetObject'],
    ['contents', 'glacier', 'GetJobOutput'],
    ['contents', 'sdb', 'GetAttributes'],
    ['contents', 'workmailmessageflow', 'GetRawMessageContent'],
    ['contents', 'redshift-data', 'ListStatements'],
    ['contents', 'pi', 'GetDimensionKeyDetails'],
    ['contents', 'textract', 'DetectDocumentText'],
  ])('has the risk %s: %s %s', (risk, service, operation) => {
    expect(facts(service, operation)).toMatchObject({ risks: expect.arrayContaining([risk]) })
  })

  test.each([
    ['sqs', 'GetQueueUrl'],
    ['lambda', 'GetFunctionUrlConfig'],
    ['pricing', 'GetPriceListFileUrl'],
    ['glue', 'ListTriggers'],
    ['kafkaconnect', 'ListConnectors'],
    ['scheduler', 'ListSchedules'],
    ['cloudfront', 'ListDistributionsByCachePolicyId'],
    ['cognito-idp', 'ListUserPools'],
    ['ec2', 'GetNetworkInsightsAccessScopeContent'],
    ['rds', 'DescribeDBInstances'],
    ['cloudwatch', 'GetMetricData'],
    // Their neighbours are more than that.
    ['iotsitewise', 'ListPipelines'],
    ['emr-serverless', 'ListSessions'],
    ['invoicing', 'ListProcurementPortalPreferences'],
    ['ds', 'DescribeSharedDirectories'],
    ['appconfig', 'ListDeployments'],
  ])('a list of names and a state have none: %s %s', (service, operation) => {
    expect(facts(service, operation)).toMatchObject({ risks: [] })
  })
})

describe('what is not understood', () => {
  test.each([
    ['', ''],
    ['ec2', ''],
    ['ec2', 'describeInstances'],
    ['ec2', 'DescribeInstances '],
    ['ec2', 'DescribeInstances\n'],
    ['ec2', 'DescribeInstances RunInstances'],
    ['EC2', 'DescribeInstances'],
    ['ec2:DescribeInstances', ''],
    ['ec2', 'ListBuckets'],
    ['ec2', 'DescribeEverything'],
    ['acme', 'DescribeInstances'],
    ['__proto__', 'toString'],
    ['constructor', 'name'],
    ['s3', 'constructor'],
    ['s3', 'a'.repeat(200)],
  ])('%j %j', (service, operation) => {
    expect(readAws(service, operation)).toMatchObject({
      understood: false,
      why: expect.stringMatching(/^[A-Z].*\.$/),
    })
  })

  test('whatever is written never throws, and is understood only when it is spelt exactly so', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 30 }), (service, operation) => {
        expect(readAws(service, operation).understood).toBe(false)
        expect(readAws('ec2', `DescribeInstances${operation || ' '}`).understood).toBe(false)
      }),
    )
  })
})

describe('the table', () => {
  const services: Readonly<Record<string, Readonly<Record<string, string>>>> = published.services
  const actions = Object.entries(services).flatMap(([service, levels]) =>
    Object.values(levels).flatMap((names) => names.split(' ').map((name) => [service, name] as const)),
  )

  test('says of which day it is and where it is from', () => {
    expect(tableOf.date).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(tableOf.source).toContain('AWS Service Authorization Reference')
  })

  test('has each action once', () => {
    expect(new Set(actions.map((one) => one.join(':'))).size).toBe(actions.length)
  })

  test('lets no operation that takes back, sends or makes something pass for one that only reads', () => {
    const doing =
      /^(Create|Delete|Put|Update|Modify|Start|Stop|Run|Send|Invoke|Execute|Terminate|Attach|Detach|Register)/
    const flows = actions.filter(([service, name]) => {
      const found = facts(service, name)
      return /^(list|read)$/.test(`${found?.access}`) && `${found?.risks}` === ''
    })
    expect(flows.filter(([, name]) => doing.test(name))).toEqual([])
    expect(flows.length).toBeGreaterThan(7_000)
  })

  test('knows the service of each entry of the reviewed list', () => {
    const ids = [
      reviewed.credentials,
      reviewed.contents,
      reviewed.people,
      reviewed.settings,
      reviewed.acts,
    ].flatMap((text) => text.trim().split(/\s+/))
    const unknown = ids.filter((id) => {
      const [service = '', pattern = ''] = id.split(':')
      const names = Object.values(services[service] ?? {}).flatMap((text) => text.split(' '))
      const fits = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
      return !names.some((name) => fits.test(name))
    })
    expect(unknown).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('agrees with itself about one that several levels could claim', () => {
    expect(accessOf('iam', 'TagRole')).toBe('tagging')
    expect(accessOf('iam', 'CreateRole')).not.toBe('list')
  })
})
