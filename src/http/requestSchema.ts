import { z } from 'zod'
import { hopKinds } from '../core/chain.ts'
import { executionStates } from '../core/execution.ts'
import { states } from '../core/lifecycle.ts'
import { noteKinds } from '../core/note.ts'
import { outcomeCodes } from '../core/outcome.ts'
import type { Lapse, VerdictCode } from '../core/request.ts'
import { grantSchema } from './grantSchema.ts'

/** A table, so that a new code does not compile until it stands here. */
const verdictCodes = {
  rules: 'rules',
  unmatched: 'unmatched',
  unknown_action: 'unknown_action',
  invalid_request: 'invalid_request',
  no_policy: 'no_policy',
  floor: 'floor',
  owner_left: 'owner_left',
  unsatisfiable: 'unsatisfiable',
  cooling_down: 'cooling_down',
  narrowed: 'narrowed',
} as const satisfies { [C in VerdictCode]: C }

/** The same for what takes an approval away. */
const lapseCauses = {
  not_staff: 'not_staff',
  behind: 'behind',
  left: 'left',
  same_person: 'same_person',
} as const satisfies { [C in Lapse['cause']]: C }

const time = z.string().describe('RFC 3339, in UTC')
const digest = z.string().describe('`sha256:` and 64 hex digits')
const indexOf = (entry: string) =>
  z.number().int().nullable().describe(`Index of ${entry}; null while it waits for it, which takes a second`)

/** A stop, as those are told whom it holds. */
export const heldSchema = z.object({
  stop: z.string().describe('Its id'),
  reason: z.string().describe('Why, in the words of whoever stopped it'),
  since: time,
})
const spender = z.object({ kind: z.enum(['agent', 'resource']), id: z.string() })

const deviation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('field'),
    pointer: z.string().describe('JSON Pointer into the action; empty for the whole of it'),
    approved: z.unknown().optional().describe('Left out where there was no such field'),
    actual: z.unknown().optional().describe('Left out where there is no such field'),
  }),
  z.object({ kind: z.literal('not_redeemed') }),
  z.object({ kind: z.literal('not_approved') }),
  z.object({ kind: z.literal('contradiction'), with: spender, said: z.enum(executionStates) }),
])
/** What only the answer to a submission that asked for its grant has besides (docs/grants.md#in-one-call). */
const { request, token, token_type, expires_in, spent_by } = grantSchema.partial().shape
const tokenShape = { request, token, token_type, expires_in, spent_by }

const execution = z.object({
  state: z.enum(executionStates),
  by: spender.describe('Who says so'),
  digest: digest.nullable().describe('Of what was really run'),
  result: digest.nullable(),
  links: z.array(z.string()),
  note: z.string().nullable(),
  deviations: z.array(deviation).describe('In what it is not what was approved'),
  late: z.boolean().describe('It came after the request had ended'),
  at: time,
})

/** What a resource is answered that reports (docs/api.md#report-what-was-done). */
export const reportedSchema = z
  .object({
    id: z.string().describe('The request'),
    state: z.enum(states).describe('Of the request, after the report'),
    execution: execution.describe('The report, as it is kept'),
  })
  .meta({ id: 'Reported' })

export type ReportedBody = z.infer<typeof reportedSchema>

/** A request as its agent sees it (docs/api.md#the-answer). */
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
      .object({
        model: z.string().optional(),
        session: z.string().optional(),
        url: z.string().optional(),
        through: z.array(z.object({ kind: z.enum(hopKinds), name: z.string() })).optional(),
      })
      .nullable(),
    verdict: z.object({
      kind: z.enum(['allow', 'deny', 'require_approval']),
      rules: z.array(z.string()).describe('Ids of the rules that decided'),
      policy: digest.nullable(),
      message: z.string().nullable(),
      code: z.enum(verdictCodes),
      cooling_down: z
        .object({
          request: z.string().describe('The request that was denied'),
          person: z.string().describe('Who denied it'),
          at: time,
          until: time.describe('The same is denied at once until then'),
        })
        .optional()
        .describe('Present with the code `cooling_down`'),
      errors: z
        .array(z.string())
        .describe('Conditions that could not be evaluated, and how they were taken: always the stricter way'),
    }),
    requirement: z
      .object({
        legs: z.array(z.object({ name: z.string(), count: z.number().int(), filled: z.number().int() })),
        expires_at: time,
      })
      .nullable()
      .describe('Null when nobody had to be asked. Without legs, a denial that only break-glass can lift'),
    decisions: z.array(
      z.object({
        kind: z.enum(['approve', 'deny']),
        person: z.string(),
        reason: z.string().nullable(),
        at: time,
        via: z.string().describe('The channel, such as `slack`'),
        late: z.boolean().describe('A denial that came after the request had expired: kept, without effect'),
        ended: z
          .object({
            how: z.enum(['lapsed', 'withdrawn']),
            why: z
              .enum(lapseCauses)
              .nullable()
              .describe(
                'Why an approval lapsed: its person could no longer give it. Null when it was taken back',
              ),
            at: time.nullable().describe('Null until the next decision records it'),
          })
          .nullable()
          .describe('Present on an approval that no longer counts; its leg is open again'),
      }),
    ),
    escalations: z
      .array(
        z.object({
          at: time,
          by: z.string().describe('A person, or `deadline`'),
          to: z.string().describe('Who was brought in, as the policy names them'),
          legs: z.array(z.string()).describe('The legs they can fill'),
        }),
      )
      .describe('More people were brought in'),
    notes: z
      .array(
        z.object({
          id: z.string(),
          kind: z
            .enum(noteKinds)
            .describe('Changes that are asked for, a question, or an answer to one of both'),
          by: z.string().describe('A person, or `agent`'),
          at: time,
          text: z.string(),
          to: z.string().optional().describe('Of an answer: the note that it answers'),
        }),
      )
      .describe('What people said about it while it was pending, and what was answered (docs/api.md#notes)'),
    broken_glass: z
      .object({
        by: z.string().describe('The person'),
        at: time,
        review_by: time.describe('When somebody else has to have reviewed it'),
        reviewed_at: time.nullable(),
      })
      .nullable()
      .describe('One person let the action through in an emergency'),
    held: heldSchema
      .nullable()
      .describe('The stop that holds it while it is pending: people can deny it, not approve it'),
    grant: z
      .object({
        id: z.string(),
        audience: z.string(),
        issued_at: time,
        expires_at: time,
        redeemed_at: time.nullable(),
        ...tokenShape,
      })
      .nullable()
      .describe('The permission to do it once; null while none has been asked for'),
    executions: z.array(execution).describe('What was reported of its execution, in order'),
    rolls_back: z.string().nullable().describe('Of a rollback: the request whose execution it undoes'),
    revises: z
      .string()
      .nullable()
      .describe('The request that this one was asked instead of (docs/api.md#revise)'),
    revised_by: z.string().nullable().describe('The request that was asked instead of this one'),
    narrows: z
      .string()
      .nullable()
      .describe('The request that an approver made this one of, by lowering it (docs/api.md#narrowed)'),
    narrowed_to: z
      .object({
        id: z.string().describe('The request that asks for less: wait for that one'),
        digest: z.string(),
        action: z.string(),
        resource: z.object({ type: z.string(), id: z.string() }),
        params: z.record(z.string(), z.unknown()),
        environment: z.string(),
        by: z.string().describe('The person who lowered it'),
        reason: z.string().nullable(),
      })
      .nullable()
      .describe('Of one that was denied because an approver lowered it: what is asked instead, exactly'),
    set: z
      .string()
      .nullable()
      .describe('The set that it was asked in, with others (docs/sets.md) or with its rollback'),
    rollbacks: z
      .array(z.object({ id: z.string(), state: z.enum(states) }))
      .describe('What undoes it (docs/rollbacks.md), in order'),
    outcome: z
      .string()
      .nullable()
      .describe('One sentence on how it ended, or what has become of the approval'),
    outcome_code: z
      .enum(outcomeCodes)
      .nullable()
      .describe('How the asking ended, to branch on (docs/api.md#how-it-ended). Null while it is pending'),
    created_at: time,
    settled_at: time.nullable(),
    erased_at: time
      .optional()
      .describe('Since when what it asked, and what was said about it, are erased; left out of all others'),
    ledger: z
      .object({
        origin: z.string().describe("The ledger's name"),
        first: indexOf('the entry that made the request'),
        latest: indexOf('the latest entry about it'),
        verify: z.string().describe('The command by which an auditor lists its entries, to verify each'),
      })
      .nullable()
      .optional()
      .describe(
        'Where it stands in the ledger (docs/api.md#its-place-in-the-ledger). Only in the answer to a look at this one request; null before the ledger has begun',
      ),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'ActionRequest' })

/** The JSON of a request. */
export type RequestBody = z.infer<typeof requestSchema>

/** Requests that were asked together. */
export const setBodySchema = z
  .object({
    id: z.string(),
    requests: z.array(requestSchema).describe('In the order in which they were asked for'),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'RequestSet' })

/** The JSON of a set. */
export type SetBody = z.infer<typeof setBodySchema>

/** A page of requests, newest first. */
export const requestPageSchema = z
  .object({
    requests: z.array(requestSchema),
    next: z.string().nullable().describe('The address of the next page; null on the last'),
  })
  .meta({ id: 'ActionRequests' })
