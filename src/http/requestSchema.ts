import { z } from 'zod'
import { states } from '../core/lifecycle.ts'
import type { VerdictCode } from '../core/request.ts'

/** A table, so that a new code does not compile until it stands here. */
const verdictCodes = {
  rules: 'rules',
  unmatched: 'unmatched',
  unknown_action: 'unknown_action',
  invalid_request: 'invalid_request',
  no_policy: 'no_policy',
  floor: 'floor',
  unsatisfiable: 'unsatisfiable',
} as const satisfies { [C in VerdictCode]: C }

const time = z.string().describe('RFC 3339, in UTC')
const digest = z.string().describe('`sha256:` and 64 hex digits')

/** A request as its agent sees it (architecture section 8). */
export const requestSchema = z
  .object({
    id: z.string(),
    state: z.enum(states),
    digest,
    action: z.string(),
    resource: z.object({ type: z.string(), id: z.string() }),
    params: z.record(z.string(), z.unknown()),
    environment: z.string(),
    reason: z.string().nullable(),
    agent: z.object({ id: z.string(), name: z.string() }),
    initiator: z.object({
      person: z.string(),
      attested: z.boolean().describe('Proved, not only claimed by the agent'),
    }),
    run: z
      .object({ model: z.string().optional(), session: z.string().optional(), url: z.string().optional() })
      .nullable(),
    verdict: z.object({
      kind: z.enum(['allow', 'deny', 'require_approval']),
      rules: z.array(z.string()).describe('Ids of the rules that decided'),
      policy: digest.nullable(),
      message: z.string().nullable(),
      code: z.enum(verdictCodes),
    }),
    requirement: z
      .object({
        legs: z.array(z.object({ name: z.string(), count: z.number().int(), filled: z.number().int() })),
        expires_at: time,
      })
      .nullable()
      .describe('Null when nobody had to be asked'),
    decisions: z.array(
      z.object({
        kind: z.enum(['approve', 'deny']),
        person: z.string(),
        reason: z.string().nullable(),
        at: time,
        via: z.string().describe('The channel, such as `slack`'),
      }),
    ),
    outcome: z.string().nullable().describe('One sentence on how it ended'),
    created_at: time,
    settled_at: time.nullable(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'ActionRequest' })

/** The JSON of a request. */
export type RequestBody = z.infer<typeof requestSchema>
