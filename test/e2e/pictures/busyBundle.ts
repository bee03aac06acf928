import type { Bundle } from '../../../src/policy/bundle.ts'
import { dumpCatalogue, narrowingBundle } from '../../support/narrowingBundle.ts'
import { bundleFiles } from '../../support/testBundle.ts'

/** Much may wait at once, Security may stop things and see everything, and a stop is resumed by others. */
export function busyBundle(): Bundle {
  const yaml = (bundleFiles['bundle.yaml'] ?? '').replace('  deny_count: 1\n', '  max_pending: 60\n')
  return narrowingBundle({
    'bundle.yaml': `${yaml}stop: {who: [group:security, group:platform-leads]}\n`,
    ...dumpCatalogue((actions) => `${actions}  stop.resume: {effect: write, params: open}\n`),
    'rules/stops.yaml': `
- id: stop.resume
  description: Resuming needs Security.
  match: {actions: [stop.resume]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
`,
  })
}
