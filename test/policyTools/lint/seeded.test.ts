import { describe, expect, test } from 'vitest'
import { lintCodes } from '../../../src/policyTools/lint/finding.ts'
import { type LintOptions, lintFiles } from '../../../src/policyTools/lint/lintBundle.ts'
import { standIn } from '../../../src/policyTools/standIn.ts'
import { bundleFiles, filesIn } from '../../policy/files.ts'
import { budgetDefects } from './budgetDefects.ts'
import { asking, type Defect, lifting, path, two, withoutFloor } from './defect.ts'
import { editDefects } from './editDefects.ts'
import { logicDefects } from './logicDefects.ts'
import { narrowDefects } from './narrowDefects.ts'
import { otherResourceDefects } from './otherResourceDefects.ts'
import { ruleDefects } from './ruleDefects.ts'
import { codesOf, lint, type Seed } from './seed.ts'
import { sensitiveDefects } from './sensitiveDefects.ts'
import { toolDefects } from './toolDefects.ts'

const defects: readonly Defect[] = [
  ...ruleDefects,
  ...budgetDefects,
  ...narrowDefects,
  ...logicDefects,
  ...editDefects,
  ...sensitiveDefects,
  ...otherResourceDefects,
  ...toolDefects,
]

describe('seeded defects', () => {
  test.each(defects)('$code: $what', ({ code, seeds, options, bundle, rule = 's.seed' }) => {
    expect(codesOf(seeds, options, bundle)).toEqual([`${rule} ${code}`])
  })

  test.each(defects)(
    'silent once fixed: $code: $what',
    ({ fixed, options, fixedOptions = options, bundle, fixedBundle = bundle }) => {
      expect(codesOf(fixed, fixedOptions, fixedBundle)).toEqual([])
    },
  )

  test('every code has a seeded defect', () => {
    expect([...new Set(defects.map(({ code }) => code))].sort()).toEqual(Object.keys(lintCodes).sort())
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
        'The condition can never be true: no value of `params.rows` satisfies all of it. Correct it, or remove the rule.',
      excerpt: 'params.rows > 3 && params.rows < 2\n^',
    })
  })

  test('with a directory, two legs that one of three people fills either way need a spare between them', () => {
    const legs =
      '  require: {approvals: [{name: s, from: [group:security], count: 1}, {name: d, from: [group:data], count: 1}]}\n'
    const among = (security: readonly string[], data: readonly string[]): LintOptions => ({
      members: ({ ref }) =>
        (ref === 'group:security' ? security : ref === 'group:data' ? data : ['U7', 'U8']).map(standIn),
    })

    expect(codesOf([{ more: legs }], among(['U1'], ['U1']))).toEqual(['s.seed require/unsatisfiable'])
    expect(codesOf([{ more: legs }], among(['U1', 'U2'], ['U1', 'U2']))).toEqual(['s.seed require/no-spare'])
    expect(codesOf([{ more: legs }], among(['U1', 'U2'], ['U2', 'U3']))).toEqual([])
  })

  test('what nobody could look up is said nothing about', () => {
    expect(codesOf([{ more: two }], { members: () => null })).toEqual([])
  })

  test('an emergency path past other rules names them, whom they ask, and the fix', () => {
    const found = lint([asking, { ...lifting, more: path }])

    expect(found.map(({ message }) => message)).toEqual([
      'In an emergency one person may lift this denial alone, even where "a.asks" asks for 1 of group:data. If that is too much, narrow it with `break_glass.when`, or remove `override`.',
    ])
  })

  test('what the loader refuses is an error, and then nothing else is looked at', () => {
    const { bundle, findings } = lintFiles(bundleFiles({ 'rules/a.yaml': '- id: a\n' }))

    expect(bundle).toBeNull()
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['error']))
    expect(findings.length).toBeGreaterThan(1)
  })

  test('a condition over the gate is an error', () => {
    const looping = (test: string): Seed => ({ when: `params.columns.exists(c, ${test})` })

    expect(codesOf([looping('params.table.contains(c)')])).toEqual(['s.seed cel/slow'])
    expect(codesOf([looping('c.contains(params.table)')])).toEqual([])
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

  test('the sixteen rules of the design have no error, and trust which resource an agent names', () => {
    const { findings } = lintFiles(filesIn('test/policy/example'))

    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set([
        'allow/unbounded',
        'allow/untied-resource',
        'require/untied-owner',
        'activation/unsupported',
        'break-glass/past-approval',
        'defaults/implicit',
        'environments/open',
      ]),
    )
  })
})
