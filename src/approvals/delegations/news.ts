import type { AccountKey } from '../../core/identity.ts'
import type { Delegation } from './records.ts'

/** What has become of a delegation, and who is to hear it. It says all by itself: the row may have another by then. */
export interface DelegationNews {
  readonly delegation: string
  /** Whoever is told: one of the two. */
  readonly to: AccountKey
  readonly away: AccountKey
  readonly delegate: AccountKey
  /** RFC 3339, both. */
  readonly until: string
  readonly since: string
  /** To the delegate: that it began, or that it is over. To whoever is away: that the delegate declined, or went away themselves. */
  readonly why: 'started' | 'ended' | 'declined' | 'delegate_away'
}

/** The message of it. */
export function newsJob(
  { delegation, id, delegate, until }: Delegation,
  news: Pick<DelegationNews, 'to' | 'why' | 'since'>,
): { readonly task: 'delegation' } & DelegationNews {
  return { task: 'delegation', delegation, away: id, delegate, until, ...news }
}
