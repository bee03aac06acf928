import { z } from 'zod'
import { sensitivities } from '../resources.ts'
import { environmentName, pattern, properties, text } from './shape.ts'

/** resources.yaml: what the operator, never the agent, says about resources (docs/policy.md#resourcesyaml). */
export const resourcesSchema = properties({
  apiVersion: z.literal('countersign/v1'),
  kind: z.literal('ResourceInventory'),
  resources: z.array(
    properties({
      match: properties({
        type: text(128).refine(
          (type) => type === '*' || !type.includes('*'),
          'must be one type, or * for any',
        ),
        id: pattern,
      }),
      sensitivity: z.enum(sensitivities),
      owner: z
        .string()
        .regex(/^(user|group):/, 'must be user:<name> or group:<name>')
        .optional(),
      environment: environmentName.optional(),
      region: text(128).optional(),
      labels: z.record(text(128), text(512)).optional(),
    }),
  ),
})

export type ResourcesShape = z.infer<typeof resourcesSchema>
