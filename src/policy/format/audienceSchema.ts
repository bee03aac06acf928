import { z } from 'zod'
import { grantProfiles } from '../../core/grant.ts'
import { bundleLimits } from '../limits.ts'
import { coded, properties, text } from './shape.ts'

const types = z
  .array(text(100))
  .min(1, 'must name a type, or be all')
  .max(bundleLimits.audiences, `must have at most ${bundleLimits.audiences} types`)

/** `audiences:` of bundle.yaml (docs/policy.md#audiences). */
export const audiencesSchema = z
  .array(
    properties({
      /** Verifiers compare it letter by letter; without spaces it can be named in every one of them. */
      id: z
        .string()
        .regex(
          /^[\x21-\x7e]{1,255}$/,
          'must be 1 to 255 visible ASCII characters, such as https://db.example.com',
        ),
      resource_types: z.union([z.literal('all'), types], 'must be all, or a list of types of resources'),
      profile: z.enum(grantProfiles),
      spent_by: z.enum(['agent', 'resource']),
      token_only: z.literal(true).optional(),
    }).superRefine(({ spent_by, token_only }, context) => {
      if (!token_only || spent_by === 'resource') return
      const message =
        'An agent can always say what it is about to run, so `token_only` is for what a resource spends: remove it, or write spent_by: resource.'
      context.addIssue({ ...coded('schema/value', message), path: ['token_only'] })
    }),
  )
  .max(bundleLimits.audiences, `must have at most ${bundleLimits.audiences} audiences`)
  .optional()

export type AudienceShape = NonNullable<z.infer<typeof audiencesSchema>>[number]
