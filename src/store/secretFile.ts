import { createHash, createHmac, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StoreFault } from './fault.ts'
import { syncDirectory } from './syncDirectory.ts'

/** The installation's secret, from which others are derived. */
export interface InstallationSecret {
  /** A digest that tells two secrets apart and gives neither away. */
  readonly fingerprint: string
  /** Bytes of a secret for one purpose, such as `webhook:key_01k…`. */
  derive(purpose: string): Buffer
}

/** `given` is COUNTERSIGN_SECRET; without it a secret is made on first use and kept in the data directory, readable by its owner only. */
export function installationSecret(dataDir: string, given: string | null): InstallationSecret {
  return secretOf(given ?? keptSecret(dataDir))
}

/** @param secret 43 characters or more of base64url */
export function secretOf(secret: string): InstallationSecret {
  return {
    fingerprint: createHash('sha256').update(`countersign/fingerprint/v1:${secret}`).digest('hex'),
    derive: (purpose) => createHmac('sha256', secret).update(purpose).digest(),
  }
}

/** The same for whoever only looks: null where none was made yet. @throws StoreFault `secret_damaged` */
export function knownSecret(dataDir: string, given: string | null): InstallationSecret | null {
  return given === null && !existsSync(join(dataDir, 'secret')) ? null : installationSecret(dataDir, given)
}

/**
 * The secret that is to take the place of the one in the data directory: made once and found again by whoever was interrupted. It counts for
 * nothing until `takeNext`. It is on disk, name and all: once the database has it, nothing else opens what is sealed.
 */
export function nextSecret(dataDir: string): InstallationSecret {
  const next = secretOf(readOrMake(join(dataDir, 'secret.next')))
  syncDirectory(dataDir) // also where it was found: whoever made it may have been interrupted before
  return next
}

/** Whether replacing the secret was begun and not finished. Looks only. */
export function isBeingReplaced(dataDir: string): boolean {
  return existsSync(join(dataDir, 'secret.next'))
}

/** From now on the next secret is the secret. Done at once or not at all; what was done before is done. */
export function takeNext(dataDir: string): void {
  const next = join(dataDir, 'secret.next')
  if (existsSync(next)) renameSync(next, join(dataDir, 'secret'))
}

/** 32 bytes or more in base64url, as COUNTERSIGN_SECRET has to be too. */
export const secretForm = /^[A-Za-z0-9_-]{43,}$/

/**
 * Written whole under another name and then linked: a file that is there holds all of it, and of two processes that start
 * at once both read the same. @throws StoreFault `secret_damaged`: half a secret would be half a secret
 */
function keptSecret(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  return readOrMake(join(dataDir, 'secret'))
}

function readOrMake(path: string): string {
  if (!existsSync(path)) make(path)
  const secret = readFileSync(path, 'utf8').trim()
  if (!secretForm.test(secret))
    throw new StoreFault('secret_damaged', {
      problem: `The secret in ${path} is damaged: it does not hold 43 characters or more of base64url.`,
      fix: 'Restore that file from a backup, or set COUNTERSIGN_SECRET to what it held. Without it the webhook secrets that agents have are worthless; a database that was used with it is refused under another.',
    })
  return secret
}

function make(path: string): void {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(unfinished, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true })
    linkSync(unfinished, path)
    syncDirectory(dirname(path))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'EPERM' || code === 'ENOTSUP')
      renameSync(unfinished, path) // a file system without links
    else if (code !== 'EEXIST') throw error
    syncDirectory(dirname(path))
  } finally {
    rmSync(unfinished, { force: true })
  }
}
