import type { Digest } from '../../core/digest.ts'
import type { Grant, Redemption } from '../../core/grant.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Change } from '../change.ts'
import type { Attempt } from '../untilApplied.ts'
import type { Presenter, ProvedKey, TokenFault } from './presented.ts'

/** What a spender says when it is about to act. */
export interface RedemptionAsk {
  readonly token: string
  /** Its own name for this: the same one again asks for the same answer, any other is a second use. */
  readonly attempt: string
  /** Digest of the action that is about to run; null where the spender cannot say it. */
  readonly named: Digest | null
  readonly by: Presenter
  readonly proved: ProvedKey | null
}

/** A grant that was redeemed, now or before by the same attempt. */
export interface Redeemed {
  readonly request: ActionRequest
  readonly grant: Grant & { readonly redeemed: Redemption }
}

/** What an attempt to redeem comes to: a change, and with it what the spender is answered. */
export interface Outcome extends Attempt<Redeemed> {
  readonly change: Change
}

/** One answer for everything: whoever tries tokens out learns nothing from it. */
export function invalidGrant(why: TokenFault | 'revoked'): Refusal {
  return new Refusal('invalid_grant', `a token that gives nothing: ${why}`)
}
