import { describe, expect, test } from 'vitest'
import { type LintCode, lintCodes } from '../../../src/policy/lint/finding.ts'
import { type LintOptions, lintFiles } from '../../../src/policy/lint/lintBundle.ts'
import { bundleFiles, bundleYaml, filesIn, loaded } from '../files.ts'
import { actions, codesOf, environments, lint, rulesOf, type Seed, windows } from './seed.ts'

const owner = '  require: {approvals: [{name: data, from: [group:data], count: 1}]}\n'
const asking: Seed = { id: 'a.asks', when: 'params.rows > 10', more: owner }
const lifting: Seed = { when: 'params.rows > 100', verdict: 'deny' }
const path =
  '  override: break_glass\n  break_glass: {who: [group:security], reason: {min_length: 20}, grant: {ttl: 15m}, notify: [channel:security], review_within: 1d}\n'
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
  readonly mendedBundle?: string
  /** Id of the rule that is named, or null; the seeded one when left out. */
  readonly rule?: null
}

const withoutFloor = bundleYaml.replace('  never_allow_effects: [admin]\n', '') + environments + windows
/** So many people in every group, and whoever is named is there. */
const people = (count: number): LintOptions => ({
  members: ({ kind, address }) =>
    kind === 'group' ? Array.from({ length: count }, (_, nth) => `${address} ${nth}`) : [address],
})
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
const onlyOmar = '  require: {approvals: [{name: o, from: [user:omar], count: 1}]}\n'
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
    options: people(1),
    mended: [{ more: two }],
    mendedOptions: people(3),
  },
  {
    code: 'require/no-spare',
    what: 'two of a group of two',
    seeds: [{ more: two }],
    options: people(2),
    mended: [{ more: two }],
    mendedOptions: people(3),
  },
  {
    code: 'require/no-spare',
    what: 'one person by name, where nobody else will do',
    seeds: [{ more: onlyOmar }],
    options: people(3),
    mended: [{ more: onlyOmar.replace('user:omar', 'user:omar, group:data') }],
  },
  {
    code: 'directory/nobody',
    what: 'an emergency path of a group that is empty',
    rule: null,
    seeds: [{ ...lifting, more: path }],
    options: { members: ({ ref }) => (ref === 'group:security' ? [] : ['U1', 'U2']) },
    mended: [{ ...lifting, more: path }],
    mendedOptions: people(2),
  },
  {
    code: 'require/unsatisfiable',
    what: 'two of one person, without a directory',
    seeds: [{ more: onlyOmar.replace('count: 1', 'count: 2') }],
    mended: [{ more: onlyOmar }],
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
    code: 'rule/shadowed',
    what: 'beside a denial that is wider because two parameters are equal',
    seeds: [
      { id: 'a.deny', when: 'params.other == "x"', verdict: 'deny' },
      { when: 'params.table == params.other && params.table == "x"' },
    ],
    mended: [
      { id: 'a.deny', when: 'params.other == "x"', verdict: 'deny' },
      { when: 'params.table != params.other && params.table == "x"' },
    ],
  },
  {
    code: 'rule/shadowed',
    what: 'beside a denial that follows from how two numbers stand to each other',
    seeds: [
      { id: 'a.deny', when: 'params.rows >= params.low', verdict: 'deny' },
      { when: 'params.rows > 10 && params.low <= 10' },
    ],
    mended: [
      { id: 'a.deny', when: 'params.rows >= params.low', verdict: 'deny' },
      { when: 'params.rows > 10 && params.low <= 12' },
    ],
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
    code: 'environments/open',
    what: 'a rule that matches by what the agent calls the place',
    rule: null,
    bundle: bundleYaml,
    seeds: [{ match: 'actions: [db.export], environments: [prod]' }],
    mended: [{}],
  },
  {
    code: 'environments/open',
    what: 'an exception that reads it, mended by the list',
    rule: null,
    bundle: bundleYaml,
    seeds: [{ unless: 'environment == "dev"' }],
    mended: [{ unless: 'environment == "dev"' }],
    mendedBundle: bundleYaml + environments,
  },
  {
    code: 'break-glass/past-approval',
    what: 'a denial that one may lift where others are asked',
    seeds: [asking, { ...lifting, more: path }],
    mended: [asking, { ...lifting, more: '' }],
  },
  {
    code: 'break-glass/past-approval',
    what: 'mended where the path is only offered apart from the other rule',
    seeds: [asking, { ...lifting, when: 'params.share > 0.5', more: path }],
    mended: [
      asking,
      { ...lifting, when: 'params.share > 0.5', more: path.replace('{who', '{when: params.rows < 5, who') },
    ],
  },
  {
    code: 'break-glass/past-approval',
    what: 'mended where the other rule lets the same people past',
    seeds: [asking, { ...lifting, more: path }],
    mended: [
      { ...asking, more: owner + path.replace('  override: break_glass\n', '') },
      { ...lifting, more: path },
    ],
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
    code: 'loosen/weakened',
    what: 'fewer people',
    seeds: [{ more: owner }],
    options: base({ more: two }),
    mended: [{ more: two }],
    mendedOptions: base({ more: owner }),
  },
  {
    code: 'loosen/weakened',
    what: 'a softer verdict',
    seeds: [{}],
    options: base({ verdict: 'deny' }),
    mended: [{ verdict: 'deny' }],
    mendedOptions: base({}),
  },
  {
    code: 'loosen/weakened',
    what: 'a narrower match',
    seeds: [{ match: 'actions: [db.export], environments: [prod]' }],
    options: base({}),
    mended: [{}],
    mendedOptions: base({ match: 'actions: [db.export], environments: [prod]' }),
  },
  {
    code: 'loosen/weakened',
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
  {
    code: 'loosen/allow',
    what: 'more is allowed',
    seeds: [{ verdict: 'allow', when: 'params.rows < 5' }],
    options: base({ verdict: 'allow', when: 'params.rows < 3' }),
    mended: [{ verdict: 'allow', when: 'params.rows < 3' }],
    mendedOptions: base({ verdict: 'allow', when: 'params.rows < 5' }),
  },
  {
    code: 'loosen/bundle',
    what: 'a higher floor',
    rule: null,
    bundle: bundleYaml.replace('max_grant_ttl: 8h', 'max_grant_ttl: 9h') + environments + windows,
    seeds: [{}],
    options: base({}),
    mended: [{}],
    mendedBundle: bundleYaml + environments + windows,
  },
  {
    code: 'loosen/tests',
    what: 'a test is gone',
    rule: null,
    seeds: [{}],
    options: { baseFiles: new Map([['tests/a.yaml', 'anything']]) },
    mended: [{}],
    mendedOptions: { baseFiles: new Map() },
  },
]

describe('seeded defects', () => {
  test.each(cases)('$code: $what', ({ code, seeds, options, bundle, rule = 's.seed' }) => {
    expect(codesOf(seeds, options, bundle)).toEqual([`${rule} ${code}`])
  })

  test.each(cases)(
    'silent once mended: $code: $what',
    ({ mended, options, mendedOptions = options, bundle, mendedBundle = bundle }) => {
      expect(codesOf(mended, mendedOptions, mendedBundle)).toEqual([])
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

  test('with a directory, two legs that one of three people fills either way need a spare between them', () => {
    const legs =
      '  require: {approvals: [{name: s, from: [group:security], count: 1}, {name: d, from: [group:data], count: 1}]}\n'
    const among = (security: readonly string[], data: readonly string[]): LintOptions => ({
      members: ({ ref }) =>
        ref === 'group:security' ? security : ref === 'group:data' ? data : ['U7', 'U8'],
    })

    expect(codesOf([{ more: legs }], among(['U1'], ['U1']))).toEqual(['s.seed require/unsatisfiable'])
    expect(codesOf([{ more: legs }], among(['U1', 'U2'], ['U1', 'U2']))).toEqual(['s.seed require/no-spare'])
    expect(codesOf([{ more: legs }], among(['U1', 'U2'], ['U2', 'U3']))).toEqual([])
  })

  test('what nobody could look up is said nothing about', () => {
    expect(codesOf([{ more: two }], { members: () => null })).toEqual([])
  })

  test('an emergency path past other rules names them, whom they ask, and the mend', () => {
    const found = lint([asking, { ...lifting, more: path }])

    expect(found.map(({ message }) => message)).toEqual([
      'In an emergency one person may lift this denial alone, also where "a.asks" asks for 1 of group:data. If that is too much, narrow it with `break_glass.when`, or take `override` away.',
    ])
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
  test('nothing is found in the policy that ships but whom its emergency paths lead past', () => {
    const { findings } = lintFiles(filesIn('policies'))

    expect(findings.map(({ level, code, rule }) => `${level} ${code} ${rule}`)).toEqual([
      'note break-glass/past-approval data.s3.foreign-account',
      'note break-glass/past-approval deploy.freeze',
    ])
  })

  test('the sixteen rules of the design have no error and no warning', () => {
    const { findings } = lintFiles(filesIn('test/policy/example'))

    expect(findings.filter(({ level }) => level !== 'note')).toEqual([])
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set([
        'activation/unsupported',
        'break-glass/past-approval',
        'defaults/implicit',
        'environments/open',
      ]),
    )
  })
})
