import type { JsonObject } from '../../core/json.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Versioned } from '../records.ts'

/**
 * A key that grants are signed with; the id is its thumbprint (RFC 7638), the `kid` of tokens. It is published as `next` long before
 * it signs, so that no verifier meets a key it has not seen; `retired` ones are published until what they signed has ended.
 */
export interface SigningKey extends Versioned {
  readonly status: 'next' | 'active' | 'retired'
  /** RFC 7517, without anything private. */
  readonly publicJwk: JsonObject
  /** The private key, sealed (`Sealer`); null once nothing is signed with it any more. */
  readonly sealed: string | null
  /** RFC 3339, UTC, milliseconds; both. */
  readonly createdAt: string
  /** When it got the status it has. */
  readonly since: string
}

/** What redeems grants because it is about to act: a service, a proxy. Names are unique and never reused. */
export interface Resource extends Versioned {
  readonly name: string
  /** The audience whose grants its key redeems, and no other's. */
  readonly audience: string
  /** SHA-256 of a 256-bit secret, hex, as of an agent's key. */
  readonly secretHash: string
  /** The secret before the last rotation, which counts until then (RFC 3339); null when there is none. */
  readonly earlier: { readonly secretHash: string; readonly until: string } | null
  readonly status: 'active' | 'revoked'
  readonly createdBy: Actor
  readonly createdAt: string
}
