import { describe, expect, test } from 'vitest'
import { writesIntoAFile } from '../../../../src/policy/readers/aws/intoAFile.ts'
import { shellReader } from '../../../../src/policy/readers/shell/shellReader.ts'
import { bundleFiles, loaded } from '../../files.ts'

const { commands } = loaded(
  bundleFiles({
    'commands.yaml': `apiVersion: countersign/v1
kind: CommandCatalogue
runs: [{agents: all, shell: bash, settings: []}]
programs:
  aws: {operations: aws, tier: network, switches: --no-paginate, values: --region=name --output=json|text, subcommands: {s3: {subcommands: {ls: {}}}}}
`,
  }),
)
const read = (command: string) =>
  shellReader.read(`aws ${command}`, { agent: 'x', commands }, { roots: [], service: null, earlier: null })
const why = (command: string) => {
  const reading = read(command)
  return reading.understood ? `${reading.facts.tier}` : reading.why
}

describe('an operation on the command line of AWS', () => {
  test('is known by the table of operations', () => {
    expect(read('--region eu-west-1 rds describe-db-instances --max-items 5 --output text')).toMatchObject({
      understood: true,
      facts: {
        tier: 'network',
        network: ['aws'],
        commands: ['aws rds describe-db-instances'],
        flags: ['--region', '--max-items', '--output'],
      },
    })
  })

  test.each([
    ['ec2 describe-instances --instance-ids i-1 i-2', 'network'],
    ['elbv2 describe-target-health --target-group-arn arn:aws:x:y:z', 'network'],
    ['s3 ls', 'network'],
    ['s3api list-buckets', 'network'],
    ['ec2 start-instances --instance-ids i-1', 'change'],
    ['ec2 create-tags whatever', 'change'],
    ['rds delete-db-instance --db-instance-identifier x', 'destroy'],
  ])('%s goes as far as %s', (command, tier) => {
    expect(why(command)).toBe(tier)
  })

  test.each([
    [
      'ec2 describe-everything',
      '`aws ec2 describe-everything` is not an operation of AWS that is known here.',
    ],
    ['ec2', '`aws ec2` is not an operation of a service.'],
    ['ec2 DescribeInstances', '`aws ec2 DescribeInstances` is not an operation of a service.'],
    [
      'secretsmanager get-secret-value --secret-id x',
      '`aws secretsmanager get-secret-value` can answer more than names and states: credentials.',
    ],
    [
      's3api get-bucket-location --bucket x',
      '`aws s3api get-bucket-location` reaches what can belong to anybody.',
    ],
    ['ec2 describe-vpcs x', '`x` is not a known flag of `aws ec2 describe-vpcs`.'],
    ['ec2 describe-vpcs -x', '`-x` is not a known flag of `aws ec2 describe-vpcs`.'],
    ['ec2 describe-vpcs --output x', '`x` is not one of json, text.'],
    ['ec2 describe-vpcs --no-paginate x', '`x` is not a known flag of `aws ec2 describe-vpcs`.'],
    ['ec2 describe-vpcs --filters a*', '`a*` can become several words.'],
    ['ec2 describe-vpcs --filters file://a', '`file://a` is taken from somewhere else.'],
    ['ec2 describe-vpcs --filters=file://a', '`--filters=file://a` is taken from somewhere else.'],
    ['sts get-caller-identity --x a b', '`b` is not a known flag of `aws sts get-caller-identity`.'],
    ['ec2 describe-vpcs --profile x', '`--profile` of `aws ec2 describe-vpcs` leads elsewhere.'],
    ['--profile x ec2 describe-vpcs', '`--profile` is not a known flag of `aws`.'],
  ])('%s is not understood', (command, says) => {
    expect(why(command)).toBe(says)
  })

  test.each(['--endpoint-url', '--ca-bundle', '--no-verify-ssl', '--debug', '--cli-input-json'])(
    'however much of %s is written, it leads elsewhere',
    (option) => {
      for (let length = 4; length <= option.length; length += 1)
        expect(why(`ec2 describe-vpcs ${option.slice(0, length)} x`)).toContain('leads elsewhere')
    },
  )

  test('an answer that goes into a file is known by either spelling', () => {
    expect(writesIntoAFile('apigateway', 'get-sdk')).toBe(true)
    expect(writesIntoAFile('apigateway', 'get-rest-apis')).toBe(false)
  })
})
