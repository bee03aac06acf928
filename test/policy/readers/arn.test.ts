import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readArn } from '../../../src/policy/readers/arn.ts'

test.each([
  [
    'arn:aws:iam::111122223333:role/team/admin',
    { partition: 'aws', service: 'iam', region: '', account: '111122223333', resource: 'role/team/admin' },
  ],
  [
    'arn:aws:lambda:eu-central-1:111122223333:function:resize:7',
    {
      partition: 'aws',
      service: 'lambda',
      region: 'eu-central-1',
      account: '111122223333',
      resource: 'function:resize:7',
    },
  ],
  [
    'arn:aws:s3:::acme-lake-in/a b'.replace(' ', '-'),
    { partition: 'aws', service: 's3', region: '', account: '', resource: 'acme-lake-in/a-b' },
  ],
  [
    'arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-0abc',
    {
      partition: 'aws-us-gov',
      service: 'ec2',
      region: 'us-gov-west-1',
      account: '111122223333',
      resource: 'instance/i-0abc',
    },
  ],
])('%s is understood', (text, facts) => {
  expect(readArn(text)).toEqual({ understood: true, facts })
})

test.each([
  '',
  'arn',
  'arn:aws:iam::111122223333',
  'arn:aws:iam::111122223333:',
  'arn:aws:iam::*:role/admin',
  'arn:aws:iam::111122223333:role/*',
  'arn:aws:s3:::bucket/?',
  'arn:aws:s3:::$bucket',
  'arn:aws:s3:::bucket/../other',
  'arn:aws:s3:::bucket/%2e%2e/other',
  'arn:*:iam::111122223333:role/admin',
  'arn:evil:iam::111122223333:role/admin',
  'ARN:aws:iam::111122223333:role/admin',
  'arn:aws:IAM::111122223333:role/admin',
  'arn:aws:iam::11112222333:role/admin',
  'arn:aws:iam::111122223333:role/ädmin',
  'arn:aws:iam::111122223333:role/admin\n',
  ' arn:aws:iam::111122223333:role/admin',
  'arn:aws:ec2:eu-central-1.evil.test:111122223333:instance/i',
  'arn:aws:ec2:eu central-1:111122223333:instance/i',
  `arn:aws:s3:::${'a'.repeat(2_048)}`,
])('%j is not understood', (text) => {
  expect(readArn(text)).toMatchObject({ understood: false, why: expect.stringMatching(/^[A-Z].*\.$/) })
})

test('whatever is written never throws, and what is understood is written with exactly its parts', () => {
  const piece = fc.constantFrom(
    'arn',
    ':',
    'aws',
    'iam',
    's3',
    '',
    '111122223333',
    'eu-central-1',
    'role/',
    '*',
    '..',
    'x',
    '\n',
  )

  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      (text) => {
        const reading = readArn(text)
        if (!reading.understood) return
        const { partition, service, region, account, resource } = reading.facts
        expect(`arn:${partition}:${service}:${region}:${account}:${resource}`).toBe(text)
      },
    ),
    { numRuns: 3_000 },
  )
})
