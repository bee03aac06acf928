import type { JsonObject } from '../../core/json.ts'
import type { VersionRead } from '../change.ts'

/** Signs grants and knows its own. Private keys never leave it. Signing happens off the event loop. */
export interface Signer {
  /** Our address as the `iss` of tokens: https (http on loopback only), no trailing slash. */
  readonly issuer: string
  /** The `kid` of the key that signs now. @throws Refusal `not_ready` when there is none that this process can open */
  signsWith(): Promise<string>
  /**
   * A compact RS256 JWS. The same claims under the same key give the same token. @throws Refusal `not_ready` when this process does
   * not have that key any more
   */
  sign(claims: JsonObject, how: { readonly kid: string; readonly typ: string }): Promise<string>
  /**
   * The claims of a token that one of our published keys has signed, whatever its times say; null for everything else. What this process
   * knows may be some seconds old, so whoever lets something happen by it names `signedBy` in the commit.
   */
  read(token: string): Promise<{ readonly signedBy: VersionRead; readonly claims: JsonObject } | null>
  /**
   * A key as this process knows it, for the commit of what it signs. Asked before it signs. @throws Refusal `not_ready` when this
   * process does not have it any more
   */
  keyRead(kid: string): Promise<VersionRead>
  /** What is remembered of the keys no longer counts. */
  forget(): void
  /** What verifiers get (RFC 7517): every key that signs, is about to, or has signed what may still live. */
  jwks(): Promise<{ readonly keys: readonly JsonObject[] }>
}
