import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { readAws } from '../../../src/policy/readers/aws/aws.ts'

describe('the bucket of an operation of S3', () => {
  const bucket = (given: Json, service = 's3', operation = 'ListObjectsV2') => {
    const reading = readAws(service, operation, given)
    return reading.understood ? (reading.facts.bucket ?? null) : 'not understood'
  }

  test('is the one that its arguments name', () => {
    expect(bucket({ Bucket: 'acme-lake-in', Prefix: 'a/' })).toBe('acme-lake-in')
    expect(bucket({ Bucket: 'acme-lake-in' }, 's3api', 'GetBucketPolicy')).toBe('acme-lake-in')
  })

  test.each<readonly [string, Json]>([
    ['nothing', null],
    ['no bucket', {}],
    [
      'an access point, whoever has that',
      { Bucket: 'arn:aws:s3:eu-central-1:999999999999:accesspoint/acme' },
    ],
    ['a second one, in other letters', { Bucket: 'acme-lake-in', bucket: 'evil' }],
    ['one in other letters', { bucket: 'acme-lake-in' }],
    ['a list', ['acme-lake-in']],
    ['a list in its place', { Bucket: ['acme-lake-in'] }],
    ['a path behind it', { Bucket: 'acme-lake-in/../evil' }],
    ['a line behind it', { Bucket: 'acme-lake-in\n' }],
    ['capitals', { Bucket: 'Acme-lake-in' }],
    ['something inside something', { Request: { Bucket: 'acme-lake-in' } }],
  ])('is not known where they name %s', (_, given) => {
    expect(bucket(given)).toBeNull()
  })

  test('is nothing of another service, whose arguments may call something else so', () => {
    expect(bucket({ Bucket: 'acme-lake-in' }, 's3control', 'GetBucketPolicy')).toBeNull()
    expect(bucket({ Bucket: 'acme-lake-in' }, 's3-outposts', 'GetBucket')).toBeNull()
    expect(bucket({ Bucket: 'acme-lake-in' }, 'ec2', 'DescribeVpcs')).toBeNull()
    const grants = { Bucket: 'acme-lake-in', AccountId: '999999999999', Name: 'x' }
    expect(bucket(grants, 's3', 'GetAccessPoint')).toBeNull()
  })
})
