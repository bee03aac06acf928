import { describe, expect, test } from 'vitest'
import { type LintCode, lintCodes } from '../../../src/policy/lint/finding.ts'
import { type LintOptions, lintFiles } from '../../../src/policy/lint/lintBundle.ts'
import { bundleFiles, bundleYaml, filesIn, loaded } from '../files.ts'
import { actions, codesOf, lint, rulesOf, type Seed, windows } from './seed.ts'

const owner = '  require: {approvals: [{name: data, from: [group:data], count: 1}]}\n'
const wide: Seed = { id: 'a.wide', when: 'params.rows > 10', more: owner }

interface Case {
  readonly code: LintCode
  readonly what: string
  readonly seeds: readonly Seed[]
  readonly options?: LintOptions
  readonly bundle?: string
  /** The same with the defect mended: nothing is found. */
  readonly mended: readonly Seed[]
  readonly mendedOptions?: LintOptions
}

const withoutFloor = bundleYaml.replace('  never_allow_effects: [admin]\n', '') + windows
const nobody: LintOptions = { members: ({ kind }) => (kind === 'group' ? ['U1'] : null) }
const base = (...seeds: readonly Seed[]): LintOptions => ({
  base: loaded(
    bundleFiles({
      'bundle.yaml': bundleYaml + windows,
      'actions.yaml': actions,
      'rules/seeded.yaml': rulesOf(seeds),
    }),
  ),
})
const two = '  require: {approvals: [{name: data, from: [group:data], count: 2}]}\n'
const adminLives = '  require: {expires_in: 1h, grant: {ttl: 5m}}\n'

const cases: readonly Case[] = [
  {
    code: 'rule/contradiction',
    what: 'a number in no interval',
    seeds: [{ when: 'params.rows > 3 && params.rows < 2' }],
    mended: [{ when: 'params.rows > 1 && params.rows < 3' }],
  },
  {
    code: 'require/unsatisfiable',
    what: 'two of a group of one',
    seeds: [{ more: two }],
    options: nobody,
    mended: [{ more: owner }],
  },
  {
    code: 'require/unsatisfiable',
    what: 'two of one person, without a directory',
    seeds: [{ more: '  require: {approvals: [{name: o, from: [user:omar], count: 2}]}\n' }],
    mended: [{ more: '  require: {approvals: [{name: o, from: [user:omar], count: 1}]}\n' }],
  },
  {
    code: 'allow/admin-effect',
    what: 'with the floor',
    seeds: [{ match: 'actions: [iam.role.update], environments: [dev]', verdict: 'allow' }],
    mended: [{ match: 'actions: [db.query], environments: [dev]', verdict: 'allow' }],
  },
  {
    code: 'allow/admin-effect',
    what: 'without the floor',
    bundle: withoutFloor,
    seeds: [{ match: 'actions: [iam.role.update], environments: [dev]', verdict: 'allow' }],
    mended: [{ match: 'actions: [iam.role.update], environments: [dev]', verdict: 'deny' }],
  },
  {
    code: 'allow/unconditional',
    what: 'nothing but the action',
    seeds: [{ verdict: 'allow' }],
    mended: [{ verdict: 'allow', when: 'params.rows < 5' }],
  },
  {
    code: 'notify/after-expiry',
    what: 'a reminder when it has expired',
    seeds: [{ more: '  require: {expires_in: 10m}\n  notify: {remind: [5m, 10m]}\n' }],
    mended: [{ more: '  require: {expires_in: 10m}\n  notify: {remind: [5m]}\n' }],
  },
  {
    code: 'observe/stale',
    what: 'for 31 days',
    seeds: [{ more: '  mode: observe\n' }],
    options: { observedDays: new Map([['s.seed', 31]]) },
    mended: [{ more: '  mode: observe\n' }],
    mendedOptions: { observedDays: new Map([['s.seed', 30]]) },
  },
  {
    code: 'rule/dead-allow',
    what: 'beside a wider rule that asks',
    seeds: [wide, { verdict: 'allow', when: 'params.rows >= 20' }],
    mended: [wide, { verdict: 'allow', when: 'params.rows >= 10' }],
  },
  {
    code: 'rule/shadowed',
    what: 'beside a wider denial',
    seeds: [{ ...wide, verdict: 'deny', more: '' }, { when: 'params.rows in [11, 12]' }],
    mended: [{ ...wide, verdict: 'deny', more: '' }, { when: 'params.rows in [10, 11]' }],
  },
  {
    code: 'rule/redundant',
    what: 'beside a wider rule that asks the same',
    seeds: [wide, { when: 'params.rows > 10 && params.table == "x"', more: owner }],
    mended: [wide, { when: 'params.rows > 10 && params.table == "x"', more: two }],
  },
  {
    code: 'rule/redundant',
    what: 'the same rule twice: one of the two',
    seeds: [
      { ...wide, id: 'a.first' },
      { ...wide, id: 's.seed' },
    ],
    mended: [
      { ...wide, id: 'a.first' },
      { ...wide, id: 's.seed', when: 'params.table == "x"' },
    ],
  },
  {
    code: 'rule/unreached',
    what: 'arithmetic that comes to nothing',
    seeds: [{ when: 'params.rows * 0 > 1' }],
    mended: [{ when: 'params.rows * 2 > 1' }],
  },
  {
    code: 'rule/never-decisive',
    what: 'an allow beside two rules that ask and leave nothing between them',
    seeds: [
      { id: 'a.low', when: 'params.rows < 10' },
      { id: 'a.high', when: 'params.rows >= 10' },
      { verdict: 'allow', when: 'params.table == "x"' },
    ],
    mended: [
      { id: 'a.low', when: 'params.rows < 10' },
      { id: 'a.high', when: 'params.rows > 10' },
      { verdict: 'allow', when: 'params.table == "x"' },
    ],
  },
  {
    code: 'defaults/implicit',
    what: 'an admin rule without its lifetimes',
    seeds: [{ match: 'actions: [iam.role.update]' }],
    mended: [{ match: 'actions: [iam.role.update]', more: adminLives }],
  },
  {
    code: 'style/description',
    what: 'no sentence',
    seeds: [{ description: 'exports' }],
    mended: [{ description: 'Exports need an owner.' }],
  },
  {
    code: 'loosen/removed',
    what: 'a rule is gone',
    seeds: [],
    options: base({}),
    mended: [{}],
    mendedOptions: base({}),
  },
  {
    code: 'loosen/removed',
    what: 'fewer people',
    seeds: [{ more: owner }],
    options: base({ more: two }),
    mended: [{ more: two }],
    mendedOptions: base({ more: owner }),
  },
  {
    code: 'loosen/removed',
    what: 'a softer verdict',
    seeds: [{}],
    options: base({ verdict: 'deny' }),
    mended: [{ verdict: 'deny' }],
    mendedOptions: base({}),
  },
  {
    code: 'loosen/removed',
    what: 'a narrower match',
    seeds: [{ match: 'actions: [db.export], environments: [prod]' }],
    options: base({}),
    mended: [{}],
    mendedOptions: base({ match: 'actions: [db.export], environments: [prod]' }),
  },
  {
    code: 'loosen/removed',
    what: 'only observed',
    seeds: [{ more: '  mode: observe\n' }],
    options: base({}),
    mended: [{}],
    mendedOptions: base({ more: '  mode: observe\n' }),
  },
  {
    code: 'loosen/unless',
    what: 'an exception',
    seeds: [{ unless: 'params.rows < 5' }],
    options: base({}),
    mended: [{}],
    mendedOptions: base({ unless: 'params.rows < 5' }),
  },
]

describe('seeded defects', () => {
  test.each(cases)('$code: $what', ({ code, seeds, options, bundle }) => {
    expect(codesOf(seeds, options, bundle)).toEqual([`s.seed ${code}`])
  })

  test.each(cases)(
    'silent once mended: $code: $what',
    ({ mended, options, mendedOptions = options, bundle }) => {
      expect(codesOf(mended, mendedOptions, bundle)).toEqual([])
    },
  )

  test('every code has a seeded defect', () => {
    expect([...new Set(cases.map(({ code }) => code))].sort()).toEqual(Object.keys(lintCodes).sort())
  })

  test('a code keeps its level, but what the floor forbids is an error', () => {
    const admin: Seed = { match: 'actions: [iam.role.update], environments: [dev]', verdict: 'allow' }

    expect(lint([admin], {}, withoutFloor)[0]?.level).toBe('warning')
    expect(lint([admin])[0]?.level).toBe('error')
  })

  test('a finding says where, and shows the condition', () => {
    const [finding] = lint([{ when: 'params.rows > 3 && params.rows < 2' }])

    expect(finding).toEqual({
      level: 'error',
      code: 'rule/contradiction',
      file: 'rules/seeded.yaml',
      line: 5,
      column: 5,
      rule: 's.seed',
      message:
        'The condition can never be true: nothing that `params.rows` can be fits all of it. Correct it, or remove the rule.',
      excerpt: 'params.rows > 3 && params.rows < 2\n^',
    })
  })

  test('what the loader refuses is an error, and then nothing else is looked at', () => {
    const { bundle, findings } = lintFiles(bundleFiles({ 'rules/a.yaml': '- id: a\n' }))

    expect(bundle).toBeNull()
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['error']))
    expect(findings.length).toBeGreaterThan(1)
  })

  test('a condition over the gate is an error', () => {
    let clock = 0
    const slow: LintOptions = { now: () => (clock += 51) }
    const looping: Seed = { when: 'params.columns.exists(c, c == "x")' }

    expect(codesOf([looping], slow)).toEqual(['s.seed cel/slow'])
    expect(codesOf([looping], { now: () => 0 })).toEqual([])
  })
})

describe('bundles that are as they should be', () => {
  test('nothing is found in the policy that ships', () => {
    expect(lintFiles(filesIn('policies'), { now: () => performance.now() }).findings).toEqual([])
  })

  test('the sixteen rules of the design have no error and no warning', () => {
    const { findings } = lintFiles(filesIn('test/policy/example'))

    expect(findings.filter(({ level }) => level !== 'note')).toEqual([])
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set(['activation/unsupported', 'defaults/implicit']),
    )
  })
})
