import { z } from 'zod'
import { person } from './demandSchema.ts'

/** `auditors:` of bundle.yaml: who may read the whole ledger, by a key of their own. */
export const auditorsSchema = z
  .array(person)
  .min(1, 'must name somebody, or be left out: then nobody can read the ledger over HTTP')
  .max(10, 'must name at most 10 sources')
  .refine((names) => new Set(names).size === names.length, 'names the same twice')

export type AuditorsShape = z.infer<typeof auditorsSchema>
