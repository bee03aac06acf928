import { z } from 'zod'
import type { Report } from '../approvals/executions/report.ts'
import { type Action, digestAction } from '../core/action.ts'
import type { Digest } from '../core/digest.ts'
import { executionStates } from '../core/execution.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { Refusal } from '../core/refusal.ts'
import { shaped } from './body.ts'
import { prose, webAddress } from './submissionSchema.ts'

/** As long as what can be asked, and any text: what was done is taken as it was, also where nobody could have asked for it. */
const field = (longest: number) => z.string().max(longest)

const digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'This must be sha256: and 64 lower-case hex digits.')
  .transform((text) => text as Digest) // it has the form of one

const link = webAddress.refine((text) => !/^http:/i.test(text), 'This must be an https address.')

/** What is reported of an execution (docs/api.md#report-what-was-done). Strict, as what is asked. */
export const reportSchema = z
  .strictObject({
    state: z.enum(executionStates).describe('How far it has come.'),
    action: z
      .strictObject({
        action: field(200),
        resource: z.strictObject({ type: field(100), id: field(1_024) }),
        params: z.record(z.string(), z.unknown()).default({}),
        environment: field(64),
      })
      .optional()
      .describe('What was really run, whole: it is compared with what was approved, field by field.'),
    digest: digest.optional().describe('Instead of the action: its digest.'),
    result: digest.optional().describe('Digest of what came out of it, as you make it.'),
    links: z.array(link).max(10).default([]).describe('Where it can be looked at; https only.'),
    note: prose(2_000).optional().describe('In your own words. Shown to people as not checked.'),
  })
  .meta({ id: 'Report' })

/** @throws Refusal `invalid_request`, also for a digest that is not the one of the action beside it */
export function parseReport(body: Json): Report {
  const sent = shaped(reportSchema, body)
  const action = sent.action ? actionOf(sent.action) : null
  if (action && sent.digest !== undefined && sent.digest !== digestAction(action))
    throw new Refusal('invalid_request', 'a report whose digest is not the one of its action', [
      {
        pointer: '/digest',
        detail: 'This is not the digest of the action in this report: send one of them.',
      },
    ])
  return {
    state: sent.state,
    action,
    digest: sent.digest ?? null,
    result: sent.result ?? null,
    links: sent.links,
    note: sent.note ?? null,
  }
}

function actionOf(sent: NonNullable<z.infer<typeof reportSchema>['action']>): Action {
  const params = sent.params as JsonObject // parsed edge: the body came from parseStrictJson, so every value is JSON
  return { ...sent, params }
}
