import { administrative } from '../../core/action.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import type { Bundle } from '../../policy/bundle.ts'
import type { Change } from '../change.ts'
import type { Ports } from '../ports.ts'
import type { AgentKey } from '../records.ts'
import { type GrantWish, grantEntry, newGrant, tokenOf } from './newGrant.ts'

/** What a submission commits besides, when its grant comes with the answer. */
interface GrantedAtOnce {
  readonly request: ActionRequest
  readonly token: string
  readonly entries: readonly NewEntry[]
  /** The key that signed it, and the proof that was shown for it, which counts once. */
  readonly read: Pick<Change, 'signedBy' | 'proof'>
}

/**
 * The grant of an action that policy allows at once, for the same commit: one round trip for what flows. Null where none is wanted,
 * or where people are asked first, or where it is denied: who wants it then asks for it once it is approved.
 *
 * @throws Refusal `unknown_audience`, `not_ready` when nothing can be signed; then nothing is stored
 */
export async function grantedAtOnce(
  ports: Ports,
  request: ActionRequest,
  by: {
    readonly bundle: Bundle | null
    readonly envelope: { readonly key: AgentKey; readonly via: string }
    readonly wish: GrantWish | null
  },
): Promise<GrantedAtOnce | null> {
  const { bundle, envelope, wish } = by
  if (!wish || !bundle || request.state !== 'approved') return null
  // What a rollback would undo is looked at when its grant is asked for.
  if (administrative.includes(request.action.action) || request.rollsBack !== undefined) return null
  const grant = await newGrant(ports, { request, bundle }, { ...wish, askedWith: envelope.key.id })
  const next: ActionRequest = { ...request, grant }
  const signedBy = await ports.signer.keyRead(grant.signedWith)
  return {
    request: next,
    token: await tokenOf(ports, next, grant),
    entries: [grantEntry(ports, next, { grant, type: 'grant.issued', via: envelope.via })],
    read: { signedBy, ...(wish.proof && { proof: wish.proof.name }) },
  }
}
