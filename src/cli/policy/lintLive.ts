import { membersNow } from '../../approvals/policy/livePolicyFacts.ts'
import { observedDays } from '../../approvals/policy/observing.ts'
import { DirectoryFault, type Ports } from '../../approvals/ports.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { loadBundle } from '../../policy/load.ts'
import { withParts } from '../../server/compose.ts'
import { readConfig } from '../../server/config.ts'
import { StartFault } from '../../server/startFault.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { type LintOptions, type Live, lintCommand, lintPrinted } from './lint.ts'
import type { Printed } from './printed.ts'

/**
 * Lint with what the directory and the record of activations say now. A bundle that does not load is reported without
 * them: there is nothing to look up.
 *
 * @throws ConfigError, StoreFault, StartFault when Slack or the database do not answer: never a pass that looked at nothing
 */
export async function lintLiveCommand(directory: string, options: LintOptions): Promise<Printed> {
  const files = readBundleDirectory(directory)
  const loaded = loadBundle(files)
  if (!loaded.ok) return lintCommand(directory, options)
  const live = await withParts(readConfig(), ({ ports }) => liveFacts(ports, loaded.bundle))
  return lintPrinted(directory, files, { ...options, live })
}

/** @throws StartFault when somebody could not be looked up */
export async function liveFacts(
  { directory, store, clock }: Pick<Ports, 'directory' | 'store' | 'clock'>,
  bundle: Bundle,
): Promise<Live> {
  try {
    const { members, names } = await membersNow({ directory, store }, bundle)
    const { days, activations } = await observedDays(store, bundle, clock())
    return { members, names, observedDays: days, activations }
  } catch (cause) {
    if (!(cause instanceof DirectoryFault)) throw cause
    throw new StartFault({
      problem: `Nothing can be said about live data, because not everybody could be looked up: ${cause.message}.`,
      fix: cause.message.includes('rate_limited')
        ? 'Slack takes some twenty such calls a minute, of all that the app does: run it again in a minute.'
        : 'Correct the ids under `directory` of bundle.yaml; if they are right, "countersign doctor" says what is missing. Without --live nobody is looked up.',
      cause,
    })
  }
}
