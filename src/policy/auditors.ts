import type { Source } from '../core/requirement.ts'
import type { Bundle } from './bundle.ts'

/** Whom a bundle lets read the ledger; with no bundle nobody. */
export function auditorsOf(bundle: Pick<Bundle, 'auditors' | 'people'> | null): readonly Source[] {
  return (bundle?.auditors ?? []).flatMap((name) => bundle?.people.get(name) ?? [])
}
