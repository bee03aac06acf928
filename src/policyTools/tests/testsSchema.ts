import { z } from 'zod'
import { agentName, agentTag } from '../../core/agentNames.ts'
import { ways } from '../../core/ways.ts'
import { initiatorKinds, requestSources } from '../../policy/conditions/declarations.ts'
import { duration, properties, text } from '../../policy/format/shape.ts'
import { sensitivities } from '../../policy/resources.ts'

const person = { id: text(128), email: text(320), groups: z.array(text(128)).optional() }
const ownerName = z
  .string()
  .regex(/^(user|group):/, 'must be user:<name>, group:<name>, or a person with an id')

/** What a test may say of a resource instead of resources.yaml. */
const inventoried = {
  sensitivity: z.enum([...sensitivities, 'unknown']).optional(),
  owner: z
    .union([
      ownerName,
      properties({ id: text(128), email: text(320).optional(), groups: z.array(text(128)).optional() }),
    ])
    .optional(),
  environment: text(64).optional(),
  region: text(128).optional(),
  labels: z.record(text(128), text(512)).optional(),
}

/** What a request of a test may say; `base` may say any of it for all tests of the file. */
const requestShape = {
  action: text(128).optional(),
  resource: properties({
    type: text(128),
    id: text(512),
    ...inventoried,
  }).optional(),
  resources: z.record(text(40), properties(inventoried)).optional(),
  params: z.record(z.string(), z.json()).optional(),
  environment: text(128).optional(),
  agent: properties({
    name: z.string().regex(agentName, 'must be the name of an agent: `countersign agents list` shows them'),
    id: z
      .string()
      .regex(
        /^agt_[0-9a-z]+$/,
        'must be an id that Countersign gives (agt_…); to say which agent it is, write name',
      )
      .optional(),
    tags: z.array(z.string().regex(agentTag, 'must be a tag, as countersign agents tag takes it')).optional(),
    model: text(128).optional(),
    owner: properties({ ...person, left: z.boolean().optional() }),
  }).optional(),
  initiator: properties({
    ...person,
    kind: z.enum(initiatorKinds).optional(),
    attested: z.boolean().optional(),
  }).optional(),
  run: properties({
    sensitivities: z.array(z.enum([...sensitivities, 'unknown'])).optional(),
    labels: z.array(text(1_000)).optional(),
  }).optional(),
  reason: text(2_000).optional(),
  source: z.enum(requestSources).optional(),
  budgets: z
    .record(text(63), properties({ count: z.int().min(1).optional(), sum: z.int().min(1).optional() }))
    .optional(),
  time: z
    .string()
    .regex(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/,
      'must be a time with its zone, such as 2026-11-24T14:00:00+01:00',
    )
    .refine((written) => !Number.isNaN(Date.parse(written)), 'must be a time that exists')
    .optional(),
}

const leg = z.union([z.int(), properties({ count: z.int().optional(), from: z.array(text(128)).optional() })])
const codes = [
  'rules',
  'unmatched',
  'unknown_action',
  'invalid_request',
  'floor',
  'owner_left',
  'unsatisfiable',
] as const

/** A subset: what is not stated is not checked. Lists and `approvals` are compared whole. */
const expectSchema = properties({
  verdict: z.enum(['allow', 'require_approval', 'deny']).optional(),
  code: z.enum(codes).optional(),
  decided_by: z.array(text(100)).optional(),
  observed: z.array(text(100)).optional(),
  approvals: z.record(text(64), leg).optional(),
  separation: z.array(z.enum(['initiator', 'agent_owner'])).optional(),
  deny_count: z.int().optional(),
  expires_in: duration.optional(),
  grant: properties({
    within: duration.optional(),
    ttl: duration.optional(),
    uses: z.int().optional(),
  }).optional(),
  reason: z
    .union([
      z.literal(false),
      properties({ min_length: z.int().optional(), patterns: z.array(z.string()).optional() }),
    ])
    .optional(),
  confirm: z.array(z.string()).optional(),
  via: z.array(z.enum(ways)).optional(),
  step_up: z.union([z.literal(false), z.literal('passkey')]).optional(),
  channels: z.array(text(128)).optional(),
  remind: z.array(duration).optional(),
  escalate: z.array(properties({ after: duration, to: text(128) })).optional(),
  break_glass: z.union([z.boolean(), properties({ who: z.array(text(128)) })]).optional(),
  message: z.union([z.literal(false), text(1_000)]).optional(),
}).refine((expected) => Object.keys(expected).length > 0, 'must expect something, such as verdict: deny')

/** Why a click changes nothing: how the person is behind the action, or the code of the refusal. */
export const rejections = [
  'initiator',
  'agent_owner',
  'not_in_leg',
  'already_decided',
  'wrong_state',
] as const

/** One click of a voting script, and the state after it. `after`: since the request was made; later steps are not earlier. */
const stepSchema = properties({
  by: properties({
    id: text(128),
    groups: z.array(z.string().regex(/^(group|oncall):/, 'must be group:<name> or oncall:<name>')).optional(),
  }),
  decision: z.enum(['approve', 'deny']).optional(),
  after: duration.optional(),
  expect: z.enum(['rejected', 'pending', 'approved', 'denied']),
  because: z.enum(rejections).optional(),
})

/** One file of tests/*.yaml (docs/policy-tests.md). */
export const testsSchema = properties({
  apiVersion: z.literal('countersign/v1'),
  kind: z.literal('PolicyTests'),
  base: properties(requestShape).optional(),
  tests: z
    .array(
      properties({
        name: text(200),
        request: properties(requestShape),
        expect: expectSchema,
        approvals: z.array(stepSchema).min(1, 'must have a step, or be left out').optional(),
      }),
    )
    .min(1, 'must have a test'),
})

export type TestsShape = z.infer<typeof testsSchema>
export type RequestShape = NonNullable<TestsShape['base']>
type TestShape = TestsShape['tests'][number]
export type ExpectShape = TestShape['expect']
export type StepShape = NonNullable<TestShape['approvals']>[number]
