import type { LintOptions } from '../../../src/policyTools/lint/lintBundle.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'
import { type Defect, owner, two } from './defect.ts'
import { actions, environments, rulesOf, type Seed, windows } from './seed.ts'

const base = (...seeds: readonly Seed[]): LintOptions => ({
  base: loaded(
    bundleFiles({
      'bundle.yaml': bundleYaml + windows,
      'actions.yaml': actions,
      'rules/seeded.yaml': rulesOf(seeds),
    }),
  ),
})

/** Edits that weaken what was asked before. */
export const editDefects: readonly Defect[] = [
  {
    code: 'loosen/removed',
    what: 'a rule is gone',
    seeds: [],
    options: base({}),
    fixed: [{}],
    fixedOptions: base({}),
  },
  {
    code: 'loosen/weakened',
    what: 'fewer people',
    seeds: [{ more: owner }],
    options: base({ more: two }),
    fixed: [{ more: two }],
    fixedOptions: base({ more: owner }),
  },
  {
    code: 'loosen/weakened',
    what: 'one more way to decide',
    seeds: [{ more: '  require: {via: [card, thread, api]}\n' }],
    options: base({}),
    fixed: [{}],
    fixedOptions: base({ more: '  require: {via: [card, thread, api]}\n' }),
  },
  {
    code: 'loosen/weakened',
    what: 'a softer verdict',
    seeds: [{}],
    options: base({ verdict: 'deny' }),
    fixed: [{ verdict: 'deny' }],
    fixedOptions: base({}),
  },
  {
    code: 'loosen/weakened',
    what: 'a narrower match',
    seeds: [{ match: 'actions: [db.export], environments: [prod]' }],
    options: base({}),
    fixed: [{}],
    fixedOptions: base({ match: 'actions: [db.export], environments: [prod]' }),
  },
  {
    code: 'loosen/weakened',
    what: 'only observed',
    seeds: [{ more: '  mode: observe\n' }],
    options: base({}),
    fixed: [{}],
    fixedOptions: base({ more: '  mode: observe\n' }),
  },
  {
    code: 'loosen/unless',
    what: 'an exception',
    seeds: [{ unless: 'params.rows >= 0 && params.rows < 5' }],
    options: base({}),
    fixed: [{}],
    fixedOptions: base({ unless: 'params.rows >= 0 && params.rows < 5' }),
  },
  {
    code: 'loosen/allow',
    what: 'more is allowed',
    seeds: [{ verdict: 'allow', when: 'params.rows >= 0 && params.rows < 5' }],
    options: base({ verdict: 'allow', when: 'params.rows >= 0 && params.rows < 3' }),
    fixed: [{ verdict: 'allow', when: 'params.rows >= 0 && params.rows < 3' }],
    fixedOptions: base({ verdict: 'allow', when: 'params.rows >= 0 && params.rows < 5' }),
  },
  {
    code: 'loosen/bundle',
    what: 'a higher floor',
    rule: null,
    bundle: bundleYaml.replace('max_grant_ttl: 8h', 'max_grant_ttl: 9h') + environments + windows,
    seeds: [{}],
    options: base({}),
    fixed: [{}],
    fixedBundle: bundleYaml + environments + windows,
  },
  {
    code: 'loosen/tests',
    what: 'a test is gone',
    rule: null,
    seeds: [{}],
    options: { baseFiles: new Map([['tests/a.yaml', 'anything']]) },
    fixed: [{}],
    fixedOptions: { baseFiles: new Map() },
  },
]
