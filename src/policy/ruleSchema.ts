import { z } from 'zod'
import { effects, verdictKinds } from './bundle.ts'
import { notifySchema, requireSchema, sentence } from './demandSchema.ts'
import { coded, properties, text } from './shape.ts'

const neverMatches = 'is an empty list, which never matches: remove it, or name something'
const actionGlob = z
  .string()
  .regex(
    /^[A-Za-z0-9_*][A-Za-z0-9_.:/*-]{0,127}$/,
    'must be the name of an action, in which * stands for anything',
  )
  .refine((written) => !written.includes('**'), 'must not have two stars in a row')

/** One rule of rules/*.yaml (policy.md section 4.5). */
export const ruleSchema = properties({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'must be lower-case letters, digits, dots and dashes, at most 100'),
  description: sentence,
  match: properties({
    actions: z.array(actionGlob).min(1, neverMatches).optional(),
    environments: z.array(text(128)).min(1, neverMatches).optional(),
    effects: z.array(z.enum(effects)).min(1, neverMatches).optional(),
  }).refine((match) => Object.keys(match).length > 0, {
    message: 'must narrow something: for everything, write actions: ["*"]',
  }),
  verdict: z.enum(verdictKinds),
  message: text(500).optional(),
  require: requireSchema.optional(),
  notify: notifySchema.optional(),
}).superRefine((rule, context) => {
  if (rule.verdict === 'require_approval') return
  for (const property of ['require', 'notify'] as const) {
    if (rule[property] === undefined) continue
    const message = `Nobody is asked when the verdict is ${rule.verdict}: remove \`${property}\`, or make it require_approval.`
    context.addIssue({ ...coded('rule/needless', message), path: [property] })
  }
})

export type RuleShape = z.infer<typeof ruleSchema>
