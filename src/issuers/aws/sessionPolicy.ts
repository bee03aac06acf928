import { z } from 'zod'
import type { Action } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import { mapping, pattern, properties, text } from '../../policy/format/shape.ts'
import { approvedPlace, approvedValue } from '../approvedValue.ts'

/** AWS takes a session policy of at most so many characters (AssumeRoleWithWebIdentity, `Policy`). */
const longest = 2_048

const placeholder = new RegExp(`\\{\\{(${approvedPlace})\\}\\}`, 'g')

const resourceText = text(512).refine(
  (written) => !/[{}]/.test(written.replace(placeholder, '')),
  'must have no braces but {{resource.id}}, {{resource.rest}} or {{params.NAME}}',
)

/** What an action gets, as the operator writes it: values of the request stand in resources only. */
export const statementsSchema = mapping(
  { pattern: /^[a-z0-9][a-z0-9._:-]{0,127}$/, says: 'must be the name of an action' },
  properties({
    resource: pattern,
    allow: z
      .array(
        properties({
          actions: z
            .array(z.string().regex(/^[a-z0-9-]+:[A-Za-z*]+$/, 'must be an AWS action such as s3:PutObject'))
            .min(1),
          resources: z.array(resourceText).min(1),
        }),
      )
      .min(1),
  }),
)

/**
 * The inline session policy of an action. It only ever narrows what the role may do.
 *
 * @throws Refusal `target_refused` when the action does not have a value, or the policy gets too long
 */
export function sessionPolicy(
  rule: {
    readonly resource: string
    readonly allow: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[]
  },
  action: Action,
): string {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: rule.allow.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources.map((one) =>
        one.replace(placeholder, (_, place: string) => escaped(approvedValue(place, rule.resource, action))),
      ),
    })),
  })
  if (policy.length > longest) throw new Refusal('target_refused', 'the session policy would be too long')
  return policy
}

/**
 * As itself and nothing else: `*` and `?` would stand for others, `$` would begin a variable
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
function escaped(value: unknown): string {
  if (typeof value !== 'string' || !/^[\x20-\x7e]{1,512}$/.test(value))
    throw new Refusal('target_refused', 'the action does not name what it would get')
  return value.replace(/[*?$]/g, (sign) => `\${${sign}}`)
}
