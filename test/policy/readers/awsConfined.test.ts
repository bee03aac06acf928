import { describe, expect, test } from 'vitest'
import published from '../../../src/policy/readers/aws/actions.json' with { type: 'json' }
import { readAws } from '../../../src/policy/readers/aws/aws.ts'
import { confined } from '../../../src/policy/readers/aws/confined.ts'

const facts = (service: string, operation: string) => {
  const reading = readAws(service, operation)
  return reading.understood ? reading.facts : null
}

describe('a read that answers nothing but what its own account holds', () => {
  test.each([
    ['guardduty', 'GetFindings'],
    ['ecs', 'DescribeTaskDefinition'],
    ['stepfunctions', 'GetExecutionHistory'],
    ['cognito-idp', 'ListUsersInGroup'],
    ['lambda', 'GetFunctionConfiguration'],
  ])('is confined: %s %s', (service, operation) => {
    expect(facts(service, operation)).toMatchObject({ confined: true })
  })

  test.each([
    // What it hands out was made for letting somebody in.
    ['glue', 'GetConnection'],
    ['appconfig', 'GetLatestConfiguration'],
    ['firehose', 'DescribeDeliveryStream'],
    ['connect', 'GetAttachedFile'],
    ['iot', 'GetTopicRule'],
    ['cloudfront', 'GetDistribution'],
    // Addresses that start a session for whoever has them, and ids with which a player is let in.
    ['mediatailor', 'GetPlaybackConfiguration'],
    ['mediatailor', 'ListPlaybackConfigurations'],
    ['gamelift', 'DescribePlayerSessions'],
    ['gamelift', 'DescribeMatchmaking'],
    ['gamelift', 'DescribeGameSessionPlacement'],
    // Somebody else's, or a place that the caller names.
    ['identitystore', 'ListGroupMemberships'],
    ['rekognition', 'DetectText'],
    ['s3', 'GetBucketPolicy'],
    ['ebs', 'GetSnapshotBlock'],
    // Real people.
    ['account', 'GetContactInformation'],
    ['support', 'DescribeCases'],
    // The data itself, and what does something.
    ['dynamodb', 'GetItem'],
    ['lambda', 'InvokeFunction'],
    ['kinesisanalytics', 'DiscoverInputSchema'],
    // Names and states are for every account.
    ['ec2', 'DescribeVpcs'],
  ])('is not: %s %s', (service, operation) => {
    expect(facts(service, operation)).toMatchObject({ confined: false })
  })

  test('is a list or a read with a risk, and none that hands out keys, reaches anybody or is tagged as a risk', () => {
    const tagged = new Set(Object.values(published.risks).flatMap((ids) => ids.split(' ')))
    const wrong = [...confined].filter((id) => {
      const [service = '', operation = ''] = id.split(':')
      const { access, risks } = facts(service, operation) ?? {}
      const grave = ['credentials', 'anybody', 'escalation', 'exposure']
      const isFit = (access === 'list' || access === 'read') && Array.isArray(risks) && risks.length > 0
      return !isFit || tagged.has(id) || grave.some((risk) => risks.includes(risk))
    })
    expect(wrong).toEqual([])
    expect(confined.size).toBeGreaterThan(300)
  })
})
