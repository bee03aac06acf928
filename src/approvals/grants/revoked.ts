import type { JsonObject } from '../../core/json.ts'
import { outcomeOf } from '../../core/outcome.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { RevokedBy } from '../../core/revocation.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Change, Put } from '../change.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { refreshJob, settled } from '../settle.ts'

/** Who or what takes back what was approved, and why, in one sentence for the agent. */
export interface Revocation {
  readonly by: RevokedBy
  readonly outcome: string
  readonly actor: Actor
  /** Small facts for the entry, beside who revoked it and the grant that is void now. */
  readonly data?: JsonObject
  /** What people wrote, which stands beside the entry. */
  readonly kept?: Readonly<Record<string, JsonObject | string | null>>
}

/** A change that ends an approved request. */
export type Revoked = Change & { readonly request: Put<ActionRequest> }

/**
 * What is committed when an approved request is taken back, whoever or whatever does it: the request as it is then, its
 * entry, and the job that makes its cards and its thread say so. A grant that was minted stays on record and is void:
 * nothing redeems a request that is not approved. The caller adds what its judgement read, and what else it found.
 *
 * @throws Refusal `wrong_state` when it is not approved, or was redeemed already
 */
export function revoked(
  ports: Ports,
  request: ActionRequest,
  { by, outcome, actor, data, kept }: Revocation,
): Revoked {
  const next: ActionRequest = { ...settled(ports, request, { move: 'revoke', outcome }), revokedBy: by }
  const entry = requestEntry(ports, next, {
    type: 'request.revoked',
    actor,
    data: { by, outcome: outcomeOf(next), grant: next.grant?.id ?? null, ...data },
    ...(kept && { kept }),
  })
  return { request: { expected: request.version, next }, entries: [entry], jobs: refreshJob(next) }
}
