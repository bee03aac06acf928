import type { Bundle } from '../../policy/bundle.ts'
import { type BundleProblem, loadBundle } from '../../policy/load.ts'
import { StartFault } from '../../server/startFault.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'

/** The bundle in a directory. @throws as `bundleWithFiles` */
export function bundleIn(directory: string): Bundle {
  return bundleWithFiles(directory).bundle
}

/**
 * The same with its files, from one reading: what is compared is what was loaded.
 *
 * @throws StoreFault when it cannot be read, StartFault with the first problems when it does not load
 */
export function bundleWithFiles(directory: string): {
  readonly bundle: Bundle
  readonly files: ReadonlyMap<string, string>
} {
  const files = readBundleDirectory(directory)
  const bundle = bundleOf(files, {
    what: `The bundle in ${directory}`,
    fix: `countersign policy lint ${directory}`,
  })
  return { bundle, files }
}

/** The same for files that were read elsewhere. */
export function bundleOf(
  files: ReadonlyMap<string, string>,
  { what, fix }: { readonly what: string; readonly fix: string },
): Bundle {
  const loaded = loadBundle(files)
  if (loaded.ok) return loaded.bundle
  const [first, second, third, ...more] = loaded.problems
  const shown = [first, second, third].flatMap((problem) => (problem ? [sayProblem(problem)] : []))
  const rest = more.length > 0 ? `\n  and ${more.length} more` : ''
  throw new StartFault({
    problem: `${what} does not load:\n  ${shown.join('\n  ')}${rest}`,
    fix: `See all of it with: ${fix}`,
  })
}

function sayProblem({ file, line, column, rule, message }: BundleProblem): string {
  return `${file}:${line}:${column}${rule === null ? '' : ` ${rule}`} ${message}`
}
