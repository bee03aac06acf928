import { whyNoIssuer } from '../approvals/grants/issuerAddress.ts'
import { keySigner } from '../approvals/grants/keySigner.ts'
import { type KnownKeys, knownKeys } from '../approvals/grants/knownKeys.ts'
import type { Signer } from '../approvals/grants/signer.ts'
import type { Sealer } from '../approvals/sealer.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { OpenStore } from '../store/open.ts'
import { sealWith } from '../store/seal.ts'
import type { InstallationSecret } from '../store/secretFile.ts'

/** What signs grants, and what seals the keys that it signs with. */
export interface GrantSigning {
  readonly sealer: Sealer
  /** The keys as this process knows them. */
  readonly signingKeys: KnownKeys
  readonly signer: Signer
}

export interface SigningOptions {
  readonly store: Pick<OpenStore, 'store' | 'clock'>
  readonly secret: InstallationSecret
  readonly ages: AgeClock
  /** Where the outside reaches this server, without a slash at the end. */
  readonly address: string
}

/** Nothing is read until somebody needs a key. */
export function grantSigning({
  store: { store, clock },
  secret,
  ages,
  address,
}: SigningOptions): GrantSigning {
  const sealer = sealWith(secret)
  const signingKeys = knownKeys({ store, sealer, clock, ages })
  return { sealer, signingKeys, signer: keySigner(signingKeys, { address, wrong: whyNoIssuer(address) }) }
}
