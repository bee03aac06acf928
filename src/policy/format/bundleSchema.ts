import { z } from 'zod'
import { verdictKinds } from '../bundle.ts'
import { effects } from '../catalogue.ts'
import { bundleLimits } from '../limits.ts'
import { audiencesSchema } from './audienceSchema.ts'
import { auditorsSchema } from './auditorsSchema.ts'
import { budgetsSchema } from './budgetSchema.ts'
import { defaultsSchema } from './demandSchema.ts'
import { readDirectory } from './directorySchema.ts'
import { workingHoursSchema } from './expirySchema.ts'
import { registrarsSchema } from './registrarsSchema.ts'
import { restorersSchema } from './restorersSchema.ts'
import { coded, duration, environmentName, properties } from './shape.ts'
import { stopSchema } from './stopSchema.ts'
import { windowsSchema } from './windowSchema.ts'

const unmatched = z.enum([...verdictKinds]).transform((kind, context) => {
  if (kind !== 'allow') return kind
  const message =
    'What no rule matches can never run by itself, so this must not be allow: write a rule that allows it.'
  context.addIssue(coded('schema/value', message))
  return z.NEVER
})

/** The only environments there are. */
const environments = z
  .array(environmentName)
  .min(1, 'must name an environment, or be left out: then there is no list')
  .max(bundleLimits.environments, `must have at most ${bundleLimits.environments} names`)
  .superRefine((names, context) => {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue
      context.addIssue({ ...coded('schema/value', `"${name}" appears here twice: keep one.`), path: [index] })
    }
  })

/** bundle.yaml (docs/policy.md#bundleyaml). */
export const bundleSchema = properties({
  apiVersion: z.literal('countersign/v1'),
  kind: z.literal('Bundle'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be lower-case letters, digits, dots and dashes, at most 64'),
  timezone: z.string().refine(isTimezone, 'must be an IANA time zone, such as Europe/Berlin or UTC'),
  environments: environments.optional(),
  unmatched: properties({ known_action: unmatched, unknown_action: unmatched }),
  defaults: defaultsSchema,
  floor: properties({
    separation: z.array(z.enum(['initiator', 'agent_owner'])).optional(),
    max_expires_in: duration.optional(),
    max_grant_ttl: duration.optional(),
    never_allow_effects: z.array(z.enum(effects)).optional(),
  }).optional(),
  windows: windowsSchema.optional(),
  working_hours: workingHoursSchema.optional(),
  budgets: budgetsSchema.optional(),
  run: properties({
    window: duration.refine((seconds) => seconds <= 86_400, 'must be at most 1d'),
  }).optional(),
  audiences: audiencesSchema,
  stop: stopSchema.optional(),
  auditors: auditorsSchema.optional(),
  restorers: restorersSchema.optional(),
  registrars: registrarsSchema.optional(),
  directory: z.record(z.string(), z.unknown()).transform(readDirectory),
})

export type BundleShape = z.infer<typeof bundleSchema>

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
