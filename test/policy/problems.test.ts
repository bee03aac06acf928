import { describe, expect, test } from 'vitest'
import { bundleLimits } from '../../src/policy/limits.ts'
import { type ProblemCode, problemCodes } from '../../src/policy/problem.ts'
import { actionsYaml, bundleFiles, bundleYaml, refused } from './files.ts'

const rule = (changes: string): string => `- id: a
  description: d
  match: {actions: [db.export]}
  verdict: require_approval
${changes}`
const legs = (written: string): string => rule(`  require: {approvals: [${written}]}\n`)
const ofOther = { 'rules/a.yaml': legs('{name: s, from: [owner(t)], count: 1}') }
const resources = (entries: string): string =>
  `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n${entries}`
/** An inventory of `a` and another entry. */
const beside = (id: string): Record<string, string> => ({
  'resources.yaml': resources(
    ['a', id].map((one) => `- {match: {type: t, id: ${one}}, sensitivity: public}\n`).join(''),
  ),
})
const manyRules = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `- {id: r${n}, description: d, match: {actions: [s3.copy]}, verdict: deny}`,
  ).join('\n')
const swap = (from: string, to: string): Record<string, string> => ({
  'bundle.yaml': bundleYaml.replace(from, to),
})

interface Case {
  readonly code: ProblemCode
  readonly files: Record<string, string | null>
  /** Where it is told, as file:line:column. */
  readonly at: string
  readonly says: RegExp
}

const cases: readonly Case[] = [
  { code: 'bundle/missing-file', files: { 'actions.yaml': null }, at: 'actions.yaml:1:1', says: /add it/ },
  {
    code: 'bundle/unknown-file',
    files: { 'action.yaml': '' },
    at: 'action.yaml:1:1',
    says: /Did you mean "actions.yaml"/,
  },
  {
    code: 'bundle/too-large',
    files: { 'rules/a.yaml': `# ${'x'.repeat(bundleLimits.fileBytes)}` },
    at: 'rules/a.yaml:1:1',
    says: /split/,
  },
  { code: 'yaml/syntax', files: { 'rules/a.yaml': '- id: "a\n' }, at: 'rules/a.yaml:2:1', says: /quote/ },
  {
    code: 'yaml/duplicate-key',
    files: { 'rules/a.yaml': rule('  verdict: allow\n') },
    at: 'rules/a.yaml:5:3',
    says: /keep one/,
  },
  {
    code: 'yaml/alias',
    files: { 'rules/a.yaml': '- id: &x a\n' },
    at: 'rules/a.yaml:1:10',
    says: /write the value out/,
  },
  {
    code: 'yaml/merge-key',
    files: { 'rules/a.yaml': '- <<: {id: a}\n' },
    at: 'rules/a.yaml:1:3',
    says: /Merge keys/,
  },
  { code: 'yaml/tag', files: { 'rules/a.yaml': '- id: !!str 5\n' }, at: 'rules/a.yaml:1:13', says: /quotes/ },
  { code: 'yaml/tab', files: { 'rules/a.yaml': '- id:\ta\n' }, at: 'rules/a.yaml:1:6', says: /use spaces/ },
  {
    code: 'yaml/directive',
    files: { 'rules/a.yaml': '%YAML 1.1\n---\n[]\n' },
    at: 'rules/a.yaml:1:1',
    says: /remove this line/,
  },
  {
    code: 'yaml/many-documents',
    files: { 'rules/a.yaml': '[]\n---\n[]\n' },
    at: 'rules/a.yaml:2:1',
    says: /file of its own/,
  },
  {
    code: 'yaml/key',
    files: { 'rules/a.yaml': '- __proto__: {id: a}\n' },
    at: 'rules/a.yaml:1:3',
    says: /__proto__/,
  },
  { code: 'yaml/value', files: { 'rules/a.yaml': '- id: .nan\n' }, at: 'rules/a.yaml:1:7', says: /quotes/ },
  {
    code: 'yaml/too-deep',
    files: { 'rules/a.yaml': `${'['.repeat(40)}${']'.repeat(40)}\n` },
    at: 'rules/a.yaml:1:34',
    says: /32/,
  },
  {
    code: 'schema/missing',
    files: { 'rules/a.yaml': rule('').replace('  description: d\n', '') },
    at: 'rules/a.yaml:1:3',
    says: /`description` is missing/,
  },
  {
    code: 'schema/unknown-property',
    files: { 'rules/a.yaml': rule('  mesage: x\n') },
    at: 'rules/a.yaml:5:3',
    says: /Did you mean "message"/,
  },
  {
    code: 'schema/unsupported',
    files: { 'rules/a.yaml': rule('  require: {any_of: []}\n') },
    at: 'rules/a.yaml:5:13',
    says: /`any_of` is not supported/,
  },
  {
    code: 'schema/type',
    files: swap('name: acme', 'name: 012345678901'),
    at: 'bundle.yaml:3:7',
    says: /put it in quotes/,
  },
  {
    code: 'schema/value',
    files: swap('known_action: require_approval', 'known_action: allow'),
    at: 'bundle.yaml:6:17',
    says: /must not be allow: write a rule/,
  },
  {
    code: 'rule/duplicate-id',
    files: { 'rules/a.yaml': rule(''), 'rules/b.yaml': rule('') },
    at: 'rules/b.yaml:1:7',
    says: /taken by rules\/a.yaml:1/,
  },
  {
    code: 'rule/needless',
    files: {
      'rules/a.yaml': rule('  notify: {channel: channel:approvals}\n').replace('require_approval', 'deny'),
    },
    at: 'rules/a.yaml:5:11',
    says: /remove `notify`/,
  },
  {
    code: 'match/unknown-action',
    files: { 'rules/a.yaml': rule('').replace('db.export', 'db.exprt') },
    at: 'rules/a.yaml:3:21',
    says: /Did you mean "db.export"/,
  },
  {
    code: 'match/unknown-environment',
    files: {
      'bundle.yaml': `${bundleYaml}environments: [dev, prod]\n`,
      'rules/a.yaml': rule('').replace('[db.export]', '[db.export], environments: [dev, prd]'),
    },
    at: 'rules/a.yaml:3:53',
    says: /Did you mean "prod"/,
  },
  {
    code: 'match/never',
    files: { 'rules/a.yaml': rule('').replace('[db.export]', '[db.export], effects: [admin]') },
    at: 'rules/a.yaml:3:10',
    says: /correct/,
  },
  {
    code: 'directory/unknown',
    files: { 'rules/a.yaml': legs('{name: s, from: [group:securty], count: 1}') },
    at: 'rules/a.yaml:5:42',
    says: /Did you mean "group:security"/,
  },
  {
    code: 'require/zero',
    files: { 'rules/a.yaml': legs('{name: s, from: [owner], count: 0}') },
    at: 'rules/a.yaml:5:57',
    says: /at least one person/,
  },
  {
    code: 'require/too-many',
    files: { 'rules/a.yaml': legs('{name: s, from: [owner], count: 11}') },
    at: 'rules/a.yaml:5:24',
    says: /10 people/,
  },
  {
    code: 'require/duplicate-leg',
    files: { 'rules/a.yaml': legs('{name: s, from: [owner], count: 1}, {name: t, from: [owner], count: 1}') },
    at: 'rules/a.yaml:5:77',
    says: /larger `count`/,
  },
  { code: 'require/unknown-resource', files: ofOther, at: 'rules/a.yaml:5:42', says: /"t"/ },
  { code: 'resource/duplicate', files: beside('a'), at: 'resources.yaml:5:11', says: /keep one/ },
  { code: 'name/look-alike', files: beside('A'), at: 'resources.yaml:5:11', says: /keep one/ },
  {
    code: 'limit/rules',
    files: { 'rules/a.yaml': manyRules(bundleLimits.rules + 1) },
    at: 'rules/a.yaml:2001:3',
    says: /2000/,
  },
  {
    code: 'limit/actions',
    files: {
      'actions.yaml': `${actionsYaml}${Array.from({ length: 500 }, (_, n) => `  x${n}: {effect: read, params: {}}\n`).join('')}`,
    },
    at: 'actions.yaml:3:1',
    says: /at most 500/,
  },
  {
    code: 'limit/resources',
    files: {
      'resources.yaml': resources(
        Array.from(
          { length: 2_001 },
          (_, n) => `- {match: {type: t, id: r${n}}, sensitivity: public}\n`,
        ).join(''),
      ),
    },
    at: 'resources.yaml:3:1',
    says: /2000/,
  },
  {
    code: 'limit/candidates',
    files: { 'rules/a.yaml': manyRules(201) },
    at: 'actions.yaml:6:3',
    says: /201 rules could apply to "s3.copy"/,
  },
  {
    code: 'escalate/after-expiry',
    files: {
      'rules/a.yaml': rule(
        '  require: {expires_in: 10m}\n  notify: {escalate: [{after: 10m, to: group:data}]}\n',
      ),
    },
    at: 'rules/a.yaml:6:31',
    says: /after 10m.*expired \(10m\)/,
  },
  {
    code: 'rule/no-break-glass',
    files: { 'rules/a.yaml': rule('  break_glass: {who: [group:data]}\n') },
    at: 'rules/a.yaml:5:16',
    says: /`reason`, `grant`, `notify`, `review_within`: add it here/,
  },
  {
    code: 'cel/unknown-field',
    files: { 'rules/a.yaml': rule('  when: |\n    params.rows > 5\n    && params.row < 9\n') },
    at: 'rules/a.yaml:7:14',
    says: /Did you mean "rows"/,
  },
  {
    code: 'cel/unguarded-optional',
    files: { 'rules/a.yaml': rule('  unless: request.reason == "x"\n') },
    at: 'rules/a.yaml:5:18',
    says: /has\(request.reason\)/,
  },
  {
    code: 'cel/not-string',
    files: { 'rules/a.yaml': rule('  require: {confirm: {type: typed, value: "params.rows"}}\n') },
    at: 'rules/a.yaml:5:50',
    says: /has to be a text/,
  },
]

describe('what is wrong with a bundle', () => {
  test.each(cases)('is refused with $code, at its place, with the fix', ({ code, files, at, says }) => {
    const found = refused(bundleFiles(files)).filter((problem) => problem.code === code)

    expect(found.map(({ file, line, column }) => `${file}:${line}:${column}`)).toContain(at)
    expect(found.map(({ message }) => message).join('\n')).toMatch(says)
  })

  test('has a case here for every code', () => {
    // Conditions are refused in conditions/check.test.ts, budgets in budgets.test.ts, and what only activation refuses in activation.test.ts or reasonHints.test.ts; those of runs in runRules.test.ts, allows by text in allowedByText.test.ts.
    const elsewhere = (code: string) =>
      /^(cel|activation|budget|run)\/|^reason\/no-hint$|^rule\/allow-by-text$/.test(code)
    const tested = new Set(cases.map(({ code }) => code))

    expect(
      Object.keys(problemCodes).filter((code) => !elsewhere(code) && !tested.has(code as ProblemCode)),
    ).toEqual([]) // keys of the table
  })

  test('is told all at once, from every file, in the order of the files', () => {
    const problems = refused(
      bundleFiles({
        ...swap('timezone: Europe/Berlin', 'timezone: Europe/Bielefeld'),
        'rules/a.yaml': rule('  colour: red\n'),
        'rules/b.yaml': rule('').replace('require_approval', 'maybe'),
        'rules/c.yaml': '- {',
      }),
    )

    expect([...new Set(problems.map(({ file }) => file))]).toEqual([
      'bundle.yaml',
      'rules/a.yaml',
      'rules/b.yaml',
      'rules/c.yaml',
    ])
  })

  test('names the rule it is in', () => {
    expect(refused(bundleFiles({ 'rules/a.yaml': rule('  colour: red\n') }))[0]).toMatchObject({ rule: 'a' })
    expect(refused(bundleFiles(swap('kind: Bundle', 'kind: Bandle')))[0]).toMatchObject({ rule: null })
  })
})
