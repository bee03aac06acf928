import { bundleYaml } from '../../policy/files.ts'
import type { Defect } from './defect.ts'
import { environments, type Seed, windows } from './seed.ts'

const denies =
  bundleYaml.replace('known_action: require_approval', 'known_action: deny') + environments + windows
const logs: Seed = { match: 'actions: [log.read]' }

/** What approvers may lower where there are none. */
export const narrowDefects: readonly Defect[] = [
  {
    code: 'narrow/unasked',
    what: 'a mark on what is allowed or denied, whatever it is',
    rule: null,
    bundle: denies,
    seeds: [{ ...logs, verdict: 'allow', when: 'params.lines <= 10 && params.lines >= 1' }],
    fixed: [
      { ...logs, verdict: 'allow', when: 'params.lines <= 10 && params.lines >= 1' },
      { ...logs, id: 's.asks', when: 'params.lines > 10' },
    ],
    fixedBundle: denies,
  },
  {
    code: 'narrow/unasked',
    what: 'a rule that only observes, which asks nobody',
    rule: null,
    bundle: denies,
    seeds: [{ ...logs, more: '  mode: observe\n' }],
    fixed: [{ ...logs }],
    fixedBundle: denies,
  },
]
