import { z } from 'zod'
import { tokenVerbs } from '../approvals/readByToken.ts'
import { states } from '../core/lifecycle.ts'
import { noteKinds } from '../core/note.ts'
import { outcomeCodes } from '../core/outcome.ts'
import type { RefusalCode } from '../core/refusal.ts'
import { refusals } from '../core/refusals.ts'
import { ways } from '../core/ways.ts'
import { heldSchema } from './requestSchema.ts'

const time = z.string().describe('RFC 3339, in UTC')
const digest = z.string().describe('`sha256:` and 64 hex digits')
const refusalCodes = Object.keys(refusals) as RefusalCode[] // keys of a const table
const someone = { person: z.string(), name: z.string().nullable() }

/** Longer than what can be written on a card. */
const longestReason = 1_000
const longestTyped = 4_000

/** A decision by a personal token (docs/api.md#from-your-own-portal). */
export const decisionSchema = z.strictObject({
  decision: z.enum(tokenVerbs),
  reason: z
    .string()
    .max(longestReason)
    .optional()
    .describe('Needed for a denial, and for an approval where `asks.reason` says so'),
  typed: z
    .array(z.string().max(longestTyped))
    .max(20)
    .optional()
    .describe('Of an approval: what the person typed, for each of `asks.typed`, in that order'),
  may_ask_again: z.boolean().optional().describe('Of a denial: the agent may ask the same again at once'),
  digest: digest.optional().describe('Of a vote: `digest` of the request, as the person was shown it'),
  view: digest.optional().describe('Of a vote: `view` of the request, as the person was shown it'),
})

/** A request as a person sees it by their token. */
export const personalRequestSchema = z
  .object({
    id: z.string(),
    state: z.enum(states),
    digest: digest.describe('By which people compare the action; a vote sends it back'),
    view: digest.describe('Of `seen`; a vote sends it back'),
    seen: z.string().describe('What the person has to be shown, all of it, before they decide'),
    action: z.string(),
    resource: z.object({ type: z.string(), id: z.string() }),
    environment: z.string(),
    params: z
      .record(z.string(), z.unknown())
      .describe('Those that people may see; sensitive ones are masked'),
    reason: z.string().nullable().describe('In the words of the agent'),
    agent: z.object({ id: z.string(), name: z.string() }),
    initiator: z.object({ ...someone, attested: z.boolean() }),
    why: z.array(z.string()).describe('Why people are asked, in the words of the policy'),
    asks: z
      .object({
        legs: z.array(
          z.object({
            name: z.string(),
            from: z.array(z.string()).describe('As the policy names them'),
            count: z.number().int(),
            filled: z.number().int(),
          }),
        ),
        deny_count: z.number().int().describe('So many denials end it'),
        reason: z
          .object({ min_length: z.number().int(), must: z.array(z.string()).describe('In words') })
          .nullable()
          .describe('What an approver has to write'),
        typed: z.array(z.string()).describe('What an approver has to type, letter by letter'),
        step_up: z.boolean().describe('A proof of presence is asked, which cannot be given yet'),
        via: z.array(z.enum(ways)).describe('How a decision may come to count'),
        expires_at: time.nullable(),
      })
      .nullable(),
    you: z.object({
      legs: z.array(z.string()).describe('The legs that you would fill'),
      may: z.array(z.enum(tokenVerbs)).describe('What you can do now with this token'),
      refused: z.enum(refusalCodes).nullable().describe('Why you can neither approve nor deny it'),
    }),
    decisions: z.array(
      z.object({
        kind: z.enum(['approve', 'deny']),
        ...someone,
        reason: z.string().nullable(),
        at: time,
        via: z.string().describe('The channel: `slack`, or `api` for a personal token'),
        late: z.boolean(),
        ended: z.enum(['lapsed', 'withdrawn']).nullable().describe('It does not count any more'),
      }),
    ),
    notes: z
      .array(
        z.object({
          id: z.string(),
          kind: z.enum(noteKinds),
          by: z.string().describe('A person, or `agent`'),
          name: z.string().nullable(),
          at: time,
          text: z.string().describe('Prose that nobody checked, whoever wrote it'),
          to: z.string().optional().describe('Of an answer: the note that it answers'),
        }),
      )
      .describe('Changes that were asked for, questions and answers: what stands on the card about it'),
    held: heldSchema.nullable().describe('The stop that holds it: it can be denied, not approved'),
    outcome: z.string().nullable(),
    outcome_code: z.enum(outcomeCodes).nullable(),
    created_at: time,
    settled_at: time.nullable(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'PersonalRequest' })

export type PersonalRequestBody = z.infer<typeof personalRequestSchema>

export const personalPageSchema = z
  .object({
    requests: z.array(personalRequestSchema),
    next: z.string().nullable().describe('The next page; null on the last one'),
  })
  .meta({ id: 'PersonalPage' })
