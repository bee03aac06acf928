import { z } from 'zod'
import { budgetKeys, budgetOf } from '../budget.ts'
import { bundleLimits } from '../limits.ts'
import { duration, mapping, pattern, properties } from './shape.ts'

const budget = properties({
  actions: z
    .array(pattern)
    .min(1, 'is an empty list: name what is counted')
    .max(50, 'must have at most 50 patterns'),
  per: z.enum(budgetKeys),
  window: duration,
  of: z.enum(budgetOf),
  sum: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be the name of a parameter')
    .optional(),
})

/** `budgets` of bundle.yaml: what is counted, by a name that conditions can write (docs/policy.md#budgets). */
export const budgetsSchema = mapping(
  {
    pattern: /^[a-z][a-z0-9_]{0,62}$/,
    says: 'must begin with a small letter and have only small letters, digits and underscores, at most 63, so that a condition can write it',
  },
  budget,
).superRefine((budgets, context) => {
  if (budgets.size <= bundleLimits.budgets) return
  context.addIssue({ code: 'custom', message: `must have at most ${bundleLimits.budgets} budgets` })
})

export type BudgetsShape = z.infer<typeof budgetsSchema>
