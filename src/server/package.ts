import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The package's own folder: the same from `src/` and from `dist/`. */
const root = new URL('../../', import.meta.url)

/** The version of this package, such as `0.1.0`. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string } // our own file
  return version
}

/** The policy that comes with the package, for the sandbox's first day. */
export function shippedPolicies(): string {
  return fileURLToPath(new URL('policies', root))
}

/** The program that verifies an evidence pack with Python alone: it goes into each. */
export function packVerifier(): string {
  return fileURLToPath(new URL('deploy/audit/verify.py', root))
}
