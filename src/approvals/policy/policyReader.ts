import type { Digest } from '../../core/digest.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { PolicyVersion } from '../records.ts'

/** The policies that were kept, and which of them judges. */
export interface PolicyReader {
  activePolicy(): Promise<PolicyVersion | null>
  /** The files digest of the active policy: a small answer for whoever looks often. */
  activeFiles(): Promise<Digest | null>
  /** Whether exactly these files, or only a bundle of this digest with other tests, were ever activated. */
  wasActive(version: Pick<PolicyVersion, 'digest' | 'filesDigest'>): Promise<'files' | 'bundle' | 'never'>
  /** A version that was kept, active or not, with this digest of its bundle; which one, where several have it, is not said. */
  policyVersion(digest: string): Promise<PolicyVersion | null>
  /** The version with exactly these files. */
  policyFiles(filesDigest: string): Promise<PolicyVersion | null>
  /** The newest entries about policies, newest first: what was activated, by whom, and what was not. */
  policyEntries(limit: number): Promise<readonly Entry[]>
}
