import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreFault } from './fault.ts'

/**
 * Reads a policy bundle: path relative to the directory, with `/`, to text.
 *
 * @throws StoreFault `bundle_unreadable`
 */
export function readBundleDirectory(directory: string): ReadonlyMap<string, string> {
  try {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
    const paths = files
      .map((entry) => join(entry.parentPath, entry.name).slice(join(directory, '/').length))
      .sort()
    return new Map(
      paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(directory, path), 'utf8')]),
    )
  } catch (cause) {
    throw new StoreFault('bundle_unreadable', {
      problem: `The policy bundle in ${directory} could not be read.`,
      mend: 'It has to be a directory that can be read, with bundle.yaml, actions.yaml and rules/: name another, here or in POLICY_DIR.',
      cause,
    })
  }
}
