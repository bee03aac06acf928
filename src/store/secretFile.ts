import { createHash, createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The installation's secret, from which others are derived. */
export interface InstallationSecret {
  /** A digest that tells two secrets apart and gives neither away. */
  readonly fingerprint: string
  /** Bytes of a secret for one purpose, such as `webhook:key_01k…`. */
  derive(purpose: string): Buffer
}

/** `given` is COUNTERSIGN_SECRET; without it a secret is made on first use and kept in the data directory, readable by its owner only. */
export function installationSecret(dataDir: string, given: string | null): InstallationSecret {
  const secret = given ?? keptSecret(dataDir)
  return {
    fingerprint: createHash('sha256').update(`countersign/fingerprint/v1:${secret}`).digest('hex'),
    derive: (purpose) => createHmac('sha256', secret).update(purpose).digest(),
  }
}

function keptSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'secret')
  try {
    // `wx`: of two processes that start at once only one writes, and both read the same.
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(path, 'utf8').trim()
}
