import type { AssumeRoleWithWebIdentityCommandOutput } from '@aws-sdk/client-sts'
import { z } from 'zod'
import type { Signer } from '../../approvals/grants/signer.ts'
import {
  type CredentialIssuer,
  type IssuedCredential,
  TargetFault,
  type TargetFinding,
} from '../../approvals/leases/issuer.ts'
import type { Action } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import { duration, properties } from '../../policy/format/shape.ts'
import { glob } from '../../policy/glob.ts'
import { endpointSchema, ofEveryTarget } from '../ofEveryTarget.ts'
import { sessionPolicy, statementsSchema } from './sessionPolicy.ts'

/** One target in the operator's file. */
export const awsSchema = properties({
  ...ofEveryTarget,
  issuer: z.literal('aws'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-[0-9]+$/, 'must be a region such as eu-central-1'),
  role: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,200}$/, 'must be the ARN of a role'),
  endpoint: endpointSchema.optional(),
  life: duration
    .refine((seconds) => seconds >= 900 && seconds <= 3_600, 'must be between 15m and 1h')
    .optional(),
  actions: statementsSchema,
})

export type AwsTarget = z.infer<typeof awsSchema>

/** AWS gives nothing shorter. */
const usualLifeSeconds = 900
/** Its time begins when AWS answers, after ours. */
const slackSeconds = 60
/** The token is shown to AWS at once. */
const tokenSeconds = 120

const tokenAudience = 'sts.amazonaws.com'

/** Milliseconds. */
const limits = { connect: 2_000, request: 3_500 } as const

/**
 * Credentials of AWS STS for one role, narrowed by a session policy (AssumeRoleWithWebIdentity). What proves the approval is a token that
 * our signer makes for this lease. Nothing takes such credentials back: they run out.
 */
export function awsIssuer(config: AwsTarget, signer: Signer | null): CredentialIssuer {
  const { name, audience, environments, actions } = config
  const seconds = config.life ?? usualLifeSeconds
  const ruleFor = ({ action, environment, resource }: Action) => {
    const rule = actions.get(action)
    return rule && environments.includes(environment) && glob(rule.resource).fits(resource.id) ? rule : null
  }
  return {
    target: name,
    issuer: 'aws',
    audience,
    ends: 'at expiry',
    seconds: seconds + slackSeconds,
    longestSeconds: seconds + slackSeconds,
    doesNotBind: 'how often it is used, or where what was read goes',
    serves: (action) => ruleFor(action) !== null,
    plan(lease, action) {
      const rule = ruleFor(action)
      if (!rule) throw new Refusal('target_refused', 'the target does not serve this action')
      const subject = `countersign:${action.environment}:${action.action}`.slice(0, 127)
      return {
        role: config.role,
        session: `countersign-${lease}`,
        subject,
        policy: sessionPolicy(rule, action),
      }
    },
    async issue({ id, about }, until) {
      const planned = plannedSchema.parse(about)
      const issuedAt = Math.floor(Date.parse(until) / 1_000) - seconds - slackSeconds
      const token = await tokenFor(signer, { lease: id, subject: planned.subject, issuedAt })
      return credentialIn(await assume(config, { ...planned, token, seconds }), until)
    },
    end: async () => {
      throw new TargetFault('AWS takes no credential back')
    },
    list: async () => null,
    check: () => check(config),
  }
}

const plannedSchema = z.object({
  role: z.string(),
  session: z.string(),
  subject: z.string(),
  policy: z.string(),
})

async function tokenFor(
  signer: Signer | null,
  by: { readonly lease: string; readonly subject: string; readonly issuedAt: number },
): Promise<string> {
  if (!signer) throw new Refusal('target_refused', 'nothing signs tokens here')
  const claims = {
    iss: signer.issuer,
    sub: by.subject,
    aud: tokenAudience,
    iat: by.issuedAt,
    exp: by.issuedAt + tokenSeconds,
    jti: by.lease,
  }
  return signer.sign(claims, { kid: await signer.signsWith(), typ: 'JWT' })
}

interface Assuming {
  readonly role: string
  readonly session: string
  readonly policy: string
  readonly token: string
  readonly seconds: number
}

/** The package is 17 MB with all it needs, so it is optional, and loaded by whoever has such a target. */
async function assume(config: AwsTarget, by: Assuming): Promise<AssumeRoleWithWebIdentityCommandOutput> {
  const { STSClient, AssumeRoleWithWebIdentityCommand } = await import('@aws-sdk/client-sts').catch(() => {
    throw new Refusal('target_refused', 'the package @aws-sdk/client-sts is not installed')
  })
  const client = new STSClient({
    region: config.region,
    ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: limits.connect,
      requestTimeout: limits.request,
      throwOnRequestTimeout: true,
    },
  })
  try {
    return await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: by.role,
        RoleSessionName: by.session,
        WebIdentityToken: by.token,
        Policy: by.policy,
        DurationSeconds: by.seconds,
      }),
    )
  } catch (fault) {
    throw faultOf(fault)
  } finally {
    client.destroy()
  }
}

/** What AWS answers when it certainly gave nothing, and asking again changes nothing. */
const refusing = [
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidIdentityTokenException',
  'InvalidIdentityToken',
  'MalformedPolicyDocumentException',
  'MalformedPolicyDocument',
  'PackedPolicyTooLargeException',
  'PackedPolicyTooLarge',
  'RegionDisabledException',
  'ValidationError',
]

/** Only its name: what it says may repeat what was sent. */
function faultOf(fault: unknown): Error {
  const name = fault instanceof Error ? fault.name : 'no answer'
  return refusing.includes(name)
    ? new Refusal('target_refused', `AWS refused with ${name}`)
    : new TargetFault(`AWS: ${name}`)
}

/** A foreign answer with status 200 becomes an empty object, so everything in it is looked at. */
function credentialIn(
  { Credentials: given }: AssumeRoleWithWebIdentityCommandOutput,
  until: string,
): IssuedCredential {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new TargetFault('AWS: an answer without credentials')
  const expiresAt = Expiration.toISOString()
  if (expiresAt > until) throw new TargetFault('AWS: credentials that live longer than was asked for')
  return {
    credential: {
      access_key_id: AccessKeyId,
      secret_access_key: SecretAccessKey,
      session_token: SessionToken,
    },
    toEnd: null,
    expiresAt,
  }
}

/** Whether it answers at all: nothing more can be asked without getting a credential. */
async function check({ endpoint, region }: AwsTarget): Promise<readonly TargetFinding[]> {
  const installed = await import('@aws-sdk/client-sts').then(
    () => true,
    () => false,
  )
  if (!installed)
    return [
      {
        ok: false,
        detail: 'the package @aws-sdk/client-sts is not installed',
        fix: 'npm install @aws-sdk/client-sts@3.1177.0, beside Countersign',
      },
    ]
  try {
    const signal = AbortSignal.timeout(limits.request)
    await fetch(endpoint ?? `https://sts.${region}.amazonaws.com/`, { redirect: 'manual', signal })
    return [{ ok: true, detail: `AWS STS in ${region} answers`, fix: null }]
  } catch {
    return [
      {
        ok: false,
        detail: `AWS STS in ${region} does not answer`,
        fix: 'Let this machine reach it over https.',
      },
    ]
  }
}
