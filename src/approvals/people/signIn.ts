import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'

/** That somebody signed in at an identity provider, as a token says which the provider has signed. The token itself is kept nowhere. */
export interface SignIn {
  readonly issuer: string
  /** Who that is there. */
  readonly subject: string
  /** RFC 3339, UTC: when they signed in, and when the token was issued. */
  readonly at: string
  readonly issuedAt: string
  /** SHA-256 (hex) of what names the token: it is the same each time that the token is shown. */
  readonly token: string
  /** Who the operator says that is here, such as `slack:U012AB3CD`; null where nothing is said. */
  readonly address: string | null
}

/** Identity providers whose tokens are believed (docs/sign-in.md). */
export interface IdentityProviders {
  /**
   * What a token says that an agent relays, judged by the time `at`.
   *
   * @throws Refusal `id_token_refused` when it proves nothing; `id_token_unchecked` when that cannot be known now, because its
   *   provider does not say by which keys it signs
   */
  signIn(token: string, by: { readonly agent: string; readonly at: Date }): Promise<SignIn>
  /** Issuers at which the operator knows whoever has this account. */
  knowing(account: AccountKey): readonly string[]
}

/** Where a token stands in what an agent sends. */
export const idTokenPointer = '/initiator/id_token'

/** Where none are configured. */
export const noIdentityProviders: IdentityProviders = {
  async signIn() {
    throw new Refusal('id_token_refused', 'no identity provider is configured', [
      {
        pointer: idTokenPointer,
        detail:
          'This server believes no identity provider: send email, slack_user_id or entra_user_id, or ask whoever runs it to set OIDC_FILE.',
      },
    ])
  },
  knowing: () => [],
}
