import { createHmac } from 'node:crypto'
import type { Sealer } from '../../src/approvals/sealer.ts'
import { sealWith } from '../../src/store/seal.ts'

/** The real sealer under a secret that says of itself what it is. */
export function sealerOf(secret: string): Sealer {
  return sealWith({
    fingerprint: `the fingerprint of ${secret}`,
    derive: (purpose) => createHmac('sha256', secret).update(purpose).digest(),
  })
}

export const testSealer: Sealer = sealerOf('the secret of this test')
