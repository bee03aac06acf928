import { whyNoIssuer } from '../approvals/grants/issuerAddress.ts'
import { keySigner } from '../approvals/grants/keySigner.ts'
import { type KnownKeys, knownKeys, type Looked } from '../approvals/grants/knownKeys.ts'
import type { Signer } from '../approvals/grants/signer.ts'
import type { Health } from '../approvals/ports.ts'
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

interface SigningOptions {
  readonly store: Pick<OpenStore, 'store' | 'clock'>
  readonly secret: InstallationSecret
  readonly ages: AgeClock
  readonly health: Health
  /** Where the outside reaches this server, without a slash at the end. */
  readonly address: string
}

/** Nothing is read until somebody needs a key. */
export function grantSigning(options: SigningOptions): GrantSigning {
  const { secret, ages, health, address } = options
  const { store, clock } = options.store
  const sealer = sealWith(secret)
  const looked = ({ keys, unopened }: Looked) => {
    if (keys.some(({ status }) => status === 'active')) health.clear('no_signing_key')
    else
      health.raise(
        'no_signing_key',
        unopened.map(({ fault }) => fault.message).join('; ') || 'None is active.',
      )
  }
  const signingKeys = knownKeys({ store, sealer, clock, ages, looked })
  return { sealer, signingKeys, signer: keySigner(signingKeys, { address, wrong: whyNoIssuer(address) }) }
}
