import { z } from 'zod'
import { person } from './demandSchema.ts'

/** `restorers:` of bundle.yaml: which two people may let the ledger go on from a restored backup. */
export const restorersSchema = z
  .array(person)
  .min(1, 'must name somebody, or be left out: then any two full members may')
  .max(10, 'must name at most 10 sources')
  .refine((names) => new Set(names).size === names.length, 'names the same twice')

export type RestorersShape = z.infer<typeof restorersSchema>
