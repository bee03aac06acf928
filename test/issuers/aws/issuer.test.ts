import { describe, expect, test } from 'vitest'
import type { Signer } from '../../../src/approvals/grants/signer.ts'
import type { Action } from '../../../src/core/action.ts'
import { readTargets } from '../../../src/issuers/readTargets.ts'
import { testSigner } from '../../support/testSigner.ts'
import { keepsIssuerContract } from '../contract.ts'
import { doubleSts } from './doubleSts.ts'

function issuerAt(endpoint: string, signer: Signer | null = testSigner) {
  const read = readTargets(
    'credentials.yaml',
    `targets:
  - name: lake
    issuer: aws
    audience: https://lake.acme.test
    region: eu-central-1
    role: arn:aws:iam::123456789012:role/countersign
    endpoint: ${endpoint}
    environments: [prod]
    actions:
      lake.write:
        resource: 'lake/*'
        allow:
          - actions: ['s3:PutObject']
            resources: ['arn:aws:s3:::acme-lake/{{resource.rest}}/{{params.key}}']
`,
  )
  if (!('targets' in read)) throw new Error(JSON.stringify(read.problems))
  const [issuer] = read.targets({ installation: 'wsp_one', signer })
  if (!issuer) throw new Error('no target')
  return issuer
}

const write: Action = {
  action: 'lake.write',
  resource: { type: 'folder', id: 'lake/churn' },
  params: { key: 'q4.csv' },
  environment: 'prod',
}
const inSixteenMinutes = () => new Date(Date.now() + 960_000).toISOString()
const leaseAt = (issuer: ReturnType<typeof issuerAt>, action = write) => ({
  id: 'lse_1',
  about: issuer.plan('lse_1', action),
})

describe('the contract of issuers', () => {
  keepsIssuerContract(async () => {
    const sts = await doubleSts()
    return {
      issuer: issuerAt(sts.url),
      action: write,
      foreign: [
        { ...write, action: 'lake.read' },
        { ...write, environment: 'staging' },
        { ...write, resource: { type: 'folder', id: 'pond/x' } },
      ],
      works: async (credential) => sts.given.has(String(credential.access_key_id)),
      ofAnother: issuerAt(sts.url),
      deaf: issuerAt('http://127.0.0.1:1'),
    }
  })
})

test('what AWS is told narrows the role to the approved values, and proves the approval', async () => {
  const sts = await doubleSts()
  const issuer = issuerAt(sts.url)

  const { credential, expiresAt } = await issuer.issue(leaseAt(issuer), inSixteenMinutes())

  expect(credential).toEqual({
    access_key_id: 'ASIA0',
    secret_access_key: 'the secret of ASIA0',
    session_token: 'the token of ASIA0',
  })
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
  const [form] = sts.sent
  expect(form?.get('DurationSeconds')).toBe('900')
  expect(form?.get('RoleSessionName')).toBe('countersign-lse_1')
  expect(JSON.parse(form?.get('Policy') ?? '')).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:PutObject'], Resource: ['arn:aws:s3:::acme-lake/churn/q4.csv'] },
    ],
  })
  expect(await testSigner.read(form?.get('WebIdentityToken') ?? '')).toMatchObject({
    claims: { aud: 'sts.amazonaws.com', sub: 'countersign:prod:lake.write', jti: 'lse_1' },
  })
})

test.each([
  ['*', `\${*}`],
  ['a?b', `a\${?}b`],
  [`\${aws:username}`, `\${$}{aws:username}`],
  ['x","Effect":"Deny', 'x","Effect":"Deny'],
])('a key %s stands for itself only', async (key, written) => {
  const issuer = issuerAt('http://127.0.0.1:1')

  const { policy } = issuer.plan('lse_1', { ...write, params: { key } })

  expect(JSON.parse(String(policy)).Statement).toEqual([
    { Effect: 'Allow', Action: ['s3:PutObject'], Resource: [`arn:aws:s3:::acme-lake/churn/${written}`] },
  ])
})

test.each([[undefined], [7], [''], ['a\nb'], ['x'.repeat(513)], ['*'.repeat(512)]])(
  'a key %j gives nothing',
  (key) => {
    const issuer = issuerAt('http://127.0.0.1:1')
    const params = key === undefined ? {} : { key }

    const planning = () => issuer.plan('lse_1', { ...write, params })

    expect(planning).toThrow(expect.objectContaining({ code: 'target_refused' }))
  },
)

test.each([
  ['foreign', 'TargetFault'],
  ['refused', 'Refusal'],
] as const)('an answer that is %s gives nothing, and is not repeated', async (how, name) => {
  const sts = await doubleSts()
  const issuer = issuerAt(sts.url)
  sts.next.push(how)

  const fault = await issuer.issue(leaseAt(issuer), inSixteenMinutes()).catch((thrown: unknown) => thrown)

  expect(fault).toMatchObject({ name })
  expect(String(fault)).not.toContain('repeats')
})

test('a server that is down for a moment is asked once more', async () => {
  const sts = await doubleSts()
  const issuer = issuerAt(sts.url)
  sts.next.push('broken')

  expect((await issuer.issue(leaseAt(issuer), inSixteenMinutes())).credential).toMatchObject({
    access_key_id: 'ASIA0',
  })
  expect(sts.sent).toHaveLength(2)
})

test('control: a token that our keys did not sign gets nothing', async () => {
  const sts = await doubleSts()
  const forged: Signer = {
    ...testSigner,
    sign: async (...of) => `${(await testSigner.sign(...of)).slice(0, -8)}AAAAAAAA`,
  }
  const issuer = issuerAt(sts.url, forged)

  await expect(issuer.issue(leaseAt(issuer), inSixteenMinutes())).rejects.toMatchObject({
    code: 'target_refused',
  })
})
