import { z } from 'zod'
import { type RefusalCode, refusals } from '../core/refusal.ts'

const codes = Object.keys(refusals) as RefusalCode[] // keys of a const table

/** RFC 9457, as `problem.ts` makes them. */
export const problemSchema = z
  .object({
    type: z.string().describe('Where the code is explained'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    instance: z.string().describe("`urn:uuid:` and the id of this call in the server's log"),
    code: z.enum([...codes, 'internal']),
    errors: z
      .array(z.object({ pointer: z.string().describe('RFC 6901, into the body'), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' })
