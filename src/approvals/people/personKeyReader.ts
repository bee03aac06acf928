import type { AccountKey } from '../../core/identity.ts'
import type { Page } from '../queries.ts'
import type { AuditorKey, OperatorKey, PersonalToken } from '../records.ts'

/** Reads the keys that act as one person: those of operators and auditors, and personal tokens. */
export interface PersonKeyReader {
  operatorKey(id: string): Promise<OperatorKey | null>
  operatorKeys(): Promise<readonly OperatorKey[]>
  auditorKey(id: string): Promise<AuditorKey | null>
  /** A page, newest first. */
  auditorKeys(page: Page): Promise<readonly AuditorKey[]>
  personalToken(id: string): Promise<PersonalToken | null>
  /** Those of these accounts that are not revoked, and not over at `at`; newest first, at most a hundred. */
  personalTokensOf(accounts: readonly AccountKey[], at: Date): Promise<readonly PersonalToken[]>
  /** A page, newest first. */
  personalTokens(page: Page): Promise<readonly PersonalToken[]>
}
