import type { About, Period } from '../../approvals/evidence/records.ts'
import type { OcsfVersion } from '../../evidence/ocsf/words.ts'

/** What is to be exported, read. */
export interface ExportAsked {
  /** Null: everything. */
  readonly period: Period | null
  readonly about: About | null
  readonly options: { readonly values?: true; readonly ocsf: OcsfVersion; readonly out?: string }
}
