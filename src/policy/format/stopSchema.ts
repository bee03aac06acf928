import { z } from 'zod'
import { stopCauses } from '../../core/stop.ts'
import { person } from './demandSchema.ts'
import { properties } from './shape.ts'

/** `stop:` of bundle.yaml: who may stop something in Slack, and for what an agent is stopped by itself. */
export const stopSchema = properties({
  who: z
    .array(person)
    .min(1, 'must name somebody, or be left out: then nobody can in Slack')
    .max(10, 'must name at most 10 sources')
    .optional(),
  on: z
    .array(z.enum(stopCauses))
    .min(1, 'must name something, or be left out: then no agent is stopped by itself')
    .refine((on) => new Set(on).size === on.length, 'names the same twice')
    .optional(),
})

export type StopShape = z.infer<typeof stopSchema>
