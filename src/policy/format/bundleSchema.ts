import { z } from 'zod'
import type { Source } from '../../core/requirement.ts'
import { verdictKinds } from '../bundle.ts'
import { effects } from '../catalogue.ts'
import { bundleLimits } from '../limits.ts'
import { audiencesSchema } from './audienceSchema.ts'
import { auditorsSchema } from './auditorsSchema.ts'
import { budgetsSchema } from './budgetSchema.ts'
import { declaredPattern, defaultsSchema } from './demandSchema.ts'
import { restorersSchema } from './restorersSchema.ts'
import { coded, duration, environmentName, properties } from './shape.ts'
import { stopSchema } from './stopSchema.ts'
import { unsupportedMessage } from './unsupported.ts'
import { windowsSchema } from './windowSchema.ts'

/** What a name of the directory stands for; a channel of Slack is not a source of people. */
export type Address = { readonly people: Source } | { readonly channel: string }

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
  budgets: budgetsSchema.optional(),
  audiences: audiencesSchema,
  stop: stopSchema.optional(),
  auditors: auditorsSchema.optional(),
  restorers: restorersSchema.optional(),
  directory: z.record(z.string(), z.unknown()).transform(readDirectory),
})

export type BundleShape = z.infer<typeof bundleSchema>

const kinds = {
  group: { property: 'slack_usergroup', pattern: /^S[A-Z0-9]{1,30}$/, example: 'S012ABCDEF' },
  user: { property: 'slack_user', pattern: /^[UW][A-Z0-9]{1,30}$/, example: 'U012ABCDEF' },
  channel: { property: 'slack_channel', pattern: /^[CG][A-Z0-9]{1,30}$/, example: 'C012ABCDEF' },
} as const

function readDirectory(
  entries: Record<string, unknown>,
  context: z.RefinementCtx,
): ReadonlyMap<string, Address> {
  const directory = new Map<string, Address>()
  for (const [name, value] of Object.entries(entries)) {
    const found = readAddress(name, value)
    if ('problem' in found) context.addIssue({ ...found.problem, path: [name] })
    else directory.set(name, found)
  }
  return directory
}

function readAddress(name: string, value: unknown): Address | { problem: ReturnType<typeof coded> } {
  if (name.startsWith('oncall:'))
    return { problem: coded('schema/unsupported', unsupportedMessage('oncall:')) }
  const record = Object.entries(typeof value === 'object' && value !== null ? value : {})
  if (record.some(([key]) => key === 'pagerduty_schedule')) {
    return { problem: coded('schema/unsupported', unsupportedMessage('pagerduty_schedule')) }
  }
  const kind = name.split(':')[0]
  if (!declaredPattern.test(name) || (kind !== 'group' && kind !== 'user' && kind !== 'channel')) {
    return {
      problem: coded(
        'schema/value',
        `"${name}" must be group:<name>, user:<name> or channel:<name>, in lower case.`,
      ),
    }
  }
  const { property, pattern, example } = kinds[kind]
  const [key, id] = record[0] ?? []
  if (record.length !== 1 || key !== property || typeof id !== 'string' || !pattern.test(id)) {
    return {
      problem: coded('schema/value', `"${name}" must be {${property}: <id>}, with an id such as ${example}.`),
    }
  }
  const address = `slack:${id}`
  if (kind === 'channel') return { channel: address }
  return { people: { ref: name, kind: kind === 'group' ? 'group' : 'account', address } }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
