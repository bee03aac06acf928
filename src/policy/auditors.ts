import type { Source } from '../core/requirement.ts'
import type { Bundle } from './bundle.ts'
import { type Directory, nameFaults } from './demand.ts'
import type { AuditorsShape } from './format/auditorsSchema.ts'
import type { Fault } from './problem.ts'

/** Names that lead nowhere. */
export function auditorNames(shape: AuditorsShape | undefined, directory: Directory): readonly Fault[] {
  return (shape ?? []).flatMap((name, index) => nameFaults(name, directory, ['auditors', index]))
}

/** Whom a bundle lets read the ledger; with no bundle nobody. */
export function auditorsOf(bundle: Pick<Bundle, 'auditors' | 'people'> | null): readonly Source[] {
  return (bundle?.auditors ?? []).flatMap((name) => bundle?.people.get(name) ?? [])
}
