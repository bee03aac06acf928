import { z } from 'zod'
import { verdictKinds } from '../bundle.ts'
import { effects } from '../catalogue.ts'
import { breakGlassSchema, condition, notifySchema, requireSchema, sentence } from './demandSchema.ts'
import { coded, properties, text } from './shape.ts'

const neverMatches = 'is an empty list, which never matches: remove it, or name something'
const actionGlob = z
  .string()
  .regex(
    /^[A-Za-z0-9_*][A-Za-z0-9_.:/*-]{0,127}$/,
    'must be the name of an action, in which * stands for anything',
  )
  .refine((written) => !written.includes('**'), 'must not have two stars in a row')
const agentGlob = z
  .string()
  .regex(
    /^[a-z0-9*][a-z0-9._*-]{0,62}$/,
    'must be the name of an agent, in which * stands for anything: `countersign agents list` shows them',
  )
  .refine((written) => !written.includes('**'), 'must not have two stars in a row')

/** One rule of rules/*.yaml (docs/policy.md#a-rule). */
export const ruleSchema = properties({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'must be lower-case letters, digits, dots and dashes, at most 100'),
  description: sentence,
  match: properties({
    actions: z.array(actionGlob).min(1, neverMatches).optional(),
    agents: z.array(agentGlob).min(1, neverMatches).optional(),
    environments: z.array(text(128)).min(1, neverMatches).optional(),
    effects: z.array(z.enum(effects)).min(1, neverMatches).optional(),
  }).refine((match) => Object.keys(match).length > 0, {
    message: 'must narrow something: for everything, write actions: ["*"]',
  }),
  mode: z.enum(['enforce', 'observe']).optional(),
  when: condition.optional(),
  unless: condition.optional(),
  verdict: z.enum(verdictKinds),
  override: z.enum(['never', 'break_glass']).optional(),
  message: text(500).optional(),
  require: requireSchema.optional(),
  notify: notifySchema.optional(),
  break_glass: breakGlassSchema.optional(),
}).superRefine((rule, context) => {
  const needless = (property: string, message: string) =>
    context.addIssue({ ...coded('rule/needless', message), path: [property] })
  if (rule.override !== undefined && rule.verdict !== 'deny')
    needless('override', 'Only a denial can be overridden: remove `override`, or make the verdict deny.')
  if (rule.break_glass !== undefined && rule.verdict === 'allow')
    needless('break_glass', 'What is allowed needs no emergency path: remove `break_glass`.')
  if (rule.break_glass !== undefined && rule.verdict === 'deny' && rule.override !== 'break_glass')
    needless(
      'break_glass',
      'This denial is final, so the path is never offered: add `override: break_glass`, or remove it.',
    )
  if (rule.verdict === 'require_approval') return
  for (const property of ['require', 'notify'] as const) {
    if (rule[property] === undefined) continue
    needless(
      property,
      `Nobody is asked when the verdict is ${rule.verdict}: remove \`${property}\`, or make it require_approval.`,
    )
  }
})

export type RuleShape = z.infer<typeof ruleSchema>
