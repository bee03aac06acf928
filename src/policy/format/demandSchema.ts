import { z } from 'zod'
import { ways } from '../../core/ways.ts'
import { conditionLimits } from '../conditions/limits.ts'
import { compiledRegex } from '../conditions/regex.ts'
import { bundleLimits } from '../limits.ts'
import { ownerLeftWays } from '../ownerLeft.ts'
import { expiry } from './expirySchema.ts'
import { coded, duration, properties, text } from './shape.ts'
import { unsupported, unsupportedMessage } from './unsupported.ts'

const nameInDirectory = '[a-z0-9][a-z0-9._-]{0,63}'
const sourcePattern = new RegExp(
  `^(owner(\\([a-z][a-z0-9_]{0,39}\\))?|(group|user|oncall):${nameInDirectory})$`,
)
const channelPattern = new RegExp(`^channel:${nameInDirectory}$`)
/** Names that `directory` may declare. */
export const declaredPattern = new RegExp(`^(group|user|channel|oncall):${nameInDirectory}$`)

const source = z.string().superRefine((written, context) => {
  if (unsupported.has(written)) context.addIssue(coded('schema/unsupported', unsupportedMessage(written)))
  else if (!sourcePattern.test(written)) {
    context.addIssue({
      code: 'custom',
      message: 'must be owner, owner(<resource>), group:<name>, user:<name> or oncall:<name>',
    })
  }
})

const leg = properties({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40'),
  from: z
    .array(source)
    .min(1, 'must name somebody')
    .max(10, 'must name at most 10 sources')
    .refine((from) => new Set(from).size === from.length, 'names the same source twice'),
  count: z
    .int()
    .refine((count) => count >= 1, coded('require/zero', 'A leg has to ask for at least one person.')),
})

/** `approvals:` of a rule or of the defaults: all of the legs have to be filled. */
const approvals = z
  .array(leg)
  .min(1, 'must have at least one leg')
  .superRefine((legs, context) => {
    const seats = legs.reduce((sum, { count }) => sum + count, 0)
    if (legs.length > bundleLimits.legs || seats > bundleLimits.seats) {
      const limits = `at most ${bundleLimits.legs} legs and ${bundleLimits.seats} people`
      context.addIssue(coded('require/too-many', `A rule may ask for ${limits}: ask for fewer.`))
    }
    for (const [index, one] of legs.entries()) {
      const others = legs.slice(0, index)
      if (others.some(({ name }) => name === one.name)) {
        context.addIssue({
          ...coded('require/duplicate-leg', `Two legs are named "${one.name}": rename one.`),
          path: [index, 'name'],
        })
      }
      if (others.some(({ from }) => sameSet(from, one.from))) {
        const message = 'Two legs name the same people: write one leg with a larger `count`.'
        context.addIssue({ ...coded('require/duplicate-leg', message), path: [index, 'from'] })
      }
    }
  })

const grantUses = z
  .int()
  .refine((uses) => uses === 1, coded('schema/unsupported', unsupportedMessage('uses')))
/** How long after the approval it may be asked for, and how long it lives then. */
const grantProperties = { within: duration.optional(), uses: grantUses.optional() }
const grant = properties({ ...grantProperties, ttl: duration.optional() })
const distinct = z
  .boolean()
  .refine((is) => is, coded('schema/unsupported', unsupportedMessage('distinct: false')))
const channel = z.string().regex(channelPattern, 'must be channel:<name>')
const remind = z
  .array(duration)
  .max(bundleLimits.reminders, `must have at most ${bundleLimits.reminders} reminders`)

const pattern = z
  .string()
  .max(conditionLimits.regexLength, `must have at most ${conditionLimits.regexLength} characters`)
  .superRefine((written, context) => {
    const compiled = compiledRegex(written)
    if (typeof compiled === 'string')
      context.addIssue({ code: 'custom', message: `must be an RE2 regular expression: ${compiled}` })
  })
const reason = properties({
  min_length: z.int().min(1, 'must be at least 1').max(1_000, 'must be at most 1000').optional(),
  pattern: pattern.optional(),
  /** The pattern in words, for whoever writes the reason. A bundle that leaves it out cannot become active. */
  hint: text(200).optional(),
}).superRefine((asked, context) => {
  if (asked.min_length === undefined && asked.pattern === undefined)
    context.addIssue({ code: 'custom', message: 'must have min_length, pattern or both' })
  if (asked.hint !== undefined && asked.pattern === undefined)
    context.addIssue({ code: 'custom', message: 'belongs to a pattern: add one', path: ['hint'] })
})
const stepUp = z.literal('passkey')
/** The card is where people are asked, so it always counts: then rules that are joined always leave a way. */
const via = z
  .array(z.enum(ways))
  .refine((some) => some.includes('card'), 'must have card: it is where people are asked')
  .refine((some) => new Set(some).size === some.length, 'names the same way twice')
/** One or several people by a name of the directory. */
export const person = z
  .string()
  .regex(new RegExp(`^(group|user):${nameInDirectory}$`), 'must be group:<name> or user:<name>')
/** The same, and whoever of a group is on call: only for what asks again at each click. */
const personOrOnCall = z
  .string()
  .regex(
    new RegExp(`^(group|user|oncall):${nameInDirectory}$`),
    'must be group:<name>, user:<name> or oncall:<name>',
  )
const addressee = z
  .string()
  .regex(
    new RegExp(`^(group|user|channel):${nameInDirectory}$`),
    'must be channel:<name>, group:<name> or user:<name>',
  )
const escalate = z
  .array(properties({ after: duration, to: personOrOnCall }))
  .max(bundleLimits.reminders, `must have at most ${bundleLimits.reminders} escalations`)
/** CEL, checked once the whole bundle has been read (ruleConditions.ts). */
export const condition = z.string().regex(/\S/, 'is empty: remove it, or write a condition')

const breakGlassProperties = {
  who: z.array(person).min(1, 'must name somebody').max(10, 'must name at most 10 sources').optional(),
  reason: reason.optional(),
  step_up: stepUp.optional(),
  grant: properties({ ...grantProperties, ttl: duration }).optional(),
  notify: z.array(addressee).min(1, 'must name somebody to tell').max(10, 'must name at most 10').optional(),
  review_within: duration.optional(),
}
/** A rule's own path; what it leaves out comes from the defaults' path. */
export const breakGlassSchema = properties({ ...breakGlassProperties, when: condition.optional() })

/** Properties that a rule's `require` and the bundle's `defaults` share, each of them optional. */
const requireProperties = {
  approvals: approvals.optional(),
  distinct: distinct.optional(),
  /** Read and checked, but the core separates everybody behind the action whatever stands here. */
  separation: z.array(z.enum(['initiator', 'agent_owner'])).optional(),
  deny_count: z.int().min(1, 'must be at least 1').max(10, 'must be at most 10').optional(),
  expires_in: expiry.optional(),
  grant: grant.optional(),
  reason: reason.optional(),
  step_up: stepUp.optional(),
  /** How a decision may come to count. */
  via: via.optional(),
}
export const requireSchema = properties({
  ...requireProperties,
  confirm: properties({ type: z.literal('typed'), value: condition }).optional(),
})
export const notifySchema = properties({
  channel: channel.optional(),
  remind: remind.optional(),
  warn: duration.optional(),
  escalate: escalate.optional(),
})

/** `0` turns it off. */
const cooldown = z.union(
  [z.literal(0), duration],
  'must be 0, which turns it off, or a duration of at most 30 days, such as 10m',
)

/** What everything is completed from, so nothing that decides may be missing. */
export const defaultsSchema = properties({
  ...requireProperties,
  approvals,
  expires_in: expiry,
  notify: properties({
    channel,
    remind: remind.optional(),
    warn: duration.optional(),
    escalate: escalate.optional(),
  }),
  break_glass: properties(breakGlassProperties).optional(),
  deny_cooldown: cooldown.optional(),
  max_pending: z
    .int()
    .min(1, 'must be at least 1: with none, nobody could ever be asked')
    .max(bundleLimits.pending, `must be at most ${bundleLimits.pending}`)
    .optional(),
  mentions_per_day: z
    .int()
    .min(3, 'must be at least 3: one agent may use a third of it')
    .max(1_000, 'must be at most 1000')
    .optional(),
  /** Left out: ask. */
  owner_left: z.enum(ownerLeftWays).optional(),
})

export type GrantShape = z.infer<typeof grant>
export type RequireShape = z.infer<typeof requireSchema>
export type NotifyShape = z.infer<typeof notifySchema>
export type BreakGlassShape = z.infer<typeof breakGlassSchema>
export type DefaultsShape = z.infer<typeof defaultsSchema>

/** A rule's `description` and `message` are shown to people on a card. */
export const sentence = text(300)

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name))
}
