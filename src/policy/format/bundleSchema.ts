import { z } from 'zod'
import type { Source } from '../../core/requirement.ts'
import { verdictKinds } from '../bundle.ts'
import { effects } from '../catalogue.ts'
import { bundleLimits } from '../limits.ts'
import { audiencesSchema } from './audienceSchema.ts'
import { auditorsSchema } from './auditorsSchema.ts'
import { budgetsSchema } from './budgetSchema.ts'
import { declaredPattern, defaultsSchema } from './demandSchema.ts'
import { workingHoursSchema } from './expirySchema.ts'
import { onCallSet } from './onCallSet.ts'
import { registrarsSchema } from './registrarsSchema.ts'
import { restorersSchema } from './restorersSchema.ts'
import { coded, duration, environmentName, properties } from './shape.ts'
import { stopSchema } from './stopSchema.ts'
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
  const isOnCall = ([name]: readonly [string, unknown]) => name.startsWith('oncall:')
  const written = Object.entries(entries)
  // Whoever is on call is looked for in a group, wherever that stands.
  for (const [name, value] of [...written.filter((one) => !isOnCall(one)), ...written.filter(isOnCall)]) {
    const found = isOnCall([name, value]) ? readOnCall(name, value, directory) : readAddress(name, value)
    if ('problem' in found) context.addIssue({ ...found.problem, path: [name] })
    else directory.set(name, found)
  }
  // In the order of the file.
  return new Map(
    written.flatMap(([name]) => {
      const address = directory.get(name)
      return address ? [[name, address] as const] : []
    }),
  )
}

type Read = Address | { readonly problem: ReturnType<typeof coded> }

function readOnCall(name: string, value: unknown, directory: ReadonlyMap<string, Address>): Read {
  const group = (within: string): Source | null => {
    const address = directory.get(within)
    return address && 'people' in address && address.people.kind === 'group' ? address.people : null
  }
  const read = onCallSet(name, value, group)
  return typeof read === 'string' ? { problem: coded('schema/value', read) } : { people: read }
}

function readAddress(name: string, value: unknown): Read {
  const record = Object.entries(typeof value === 'object' && value !== null ? value : {})
  const kind = name.split(':')[0]
  if (!declaredPattern.test(name) || (kind !== 'group' && kind !== 'user' && kind !== 'channel')) {
    return {
      problem: coded(
        'schema/value',
        `"${name}" must be group:<name>, user:<name>, channel:<name> or oncall:<name>, in lower case.`,
      ),
    }
  }
  const { property, pattern, example } = kinds[kind]
  const { [property]: id, slack_workspace: workspace, ...rest } = Object.fromEntries(record)
  if (Object.keys(rest).length > 0 || typeof id !== 'string' || !pattern.test(id)) {
    return {
      problem: coded('schema/value', `"${name}" must be {${property}: <id>}, with an id such as ${example}.`),
    }
  }
  if (workspace !== undefined && (typeof workspace !== 'string' || !/^T[A-Z0-9]{1,30}$/.test(workspace)))
    return {
      problem: coded(
        'schema/value',
        `"${name}": slack_workspace must be the id of a workspace, such as T012ABCDEF; leave it out for the first one.`,
      ),
    }
  const address = workspace === undefined ? `slack:${id}` : `slack:${workspace}/${id}`
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
