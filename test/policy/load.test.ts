import { describe, expect, test } from 'vitest'
import { bundleFiles, bundleYaml, loaded, refused } from './files.ts'

const rule = (changes: string): string => `- id: a
  description: d
  match: {actions: [db.export]}
  verdict: require_approval
${changes}`
const resources = (entries: string): string =>
  `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n${entries}`
const swap = (from: string, to: string): Record<string, string> => ({
  'bundle.yaml': bundleYaml.replace(from, to),
})

describe('files', () => {
  test.each(['README.md', '.gitignore', 'rules/README.md', '.github/workflows/check.yaml'])(
    '%s may stand beside a policy',
    (path) => {
      expect(loaded(bundleFiles({ [path]: 'anything: [' })).name).toBe('acme')
    },
  )

  test.each(['rules/a.yml', 'rules/.a.yaml', 'rules/more/a.yaml', 'rule/a.yaml', 'rules.yaml', 'notes.txt'])(
    '%s is refused by name, because rules in it would be missing',
    (path) => {
      expect(refused(bundleFiles({ [path]: rule('') }))).toMatchObject([
        { file: path, code: 'bundle/unknown-file' },
      ])
    },
  )

  test('a bundle without rules or resources loads, and asks about everything it knows', () => {
    expect(loaded(bundleFiles()).rules).toEqual([])
  })

  test('an empty rule file is refused rather than read as no rules', () => {
    expect(refused(bundleFiles({ 'rules/a.yaml': '# nothing\n' }))).toMatchObject([{ code: 'schema/type' }])
  })
})

describe('defaults', () => {
  test('are written into every rule that leaves a property out, property by property', () => {
    const [written] = loaded(
      bundleFiles({
        'rules/a.yaml': rule('  require: {expires_in: 10m}\n  notify: {channel: channel:security}\n'),
      }),
    ).rules

    expect(written?.demand).toEqual({
      legs: [{ name: 'platform', from: ['group:platform'], count: 1 }],
      denyCount: 1,
      expiresInSeconds: 600,
      grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
      channels: ['slack:C0SEC'],
      remindAfterSeconds: [900],
      reason: null,
      confirm: [],
      stepUp: false,
      via: ['card', 'thread'],
      escalate: [],
    })
  })

  test.each(['approvals', 'expires_in', 'notify'])('must say %s', (property) => {
    const without = bundleYaml.replace(/defaults:\n(.|\n)*?floor:/, (block) =>
      block.replace(new RegExp(`  ${property}:.*\\n(    .*\\n)?`), ''),
    )

    expect(refused(bundleFiles({ 'bundle.yaml': without }))).toMatchObject([{ code: 'schema/missing' }])
  })

  test('may name separation, and only the two names the language has', () => {
    const separated = (names: string) =>
      bundleFiles(swap('  expires_in: 1h', `  separation: [${names}]\n  expires_in: 1h`))

    expect(loaded(separated('initiator, agent_owner')).name).toBe('acme')
    expect(refused(separated('nobody'))).toMatchObject([{ code: 'schema/value' }])
  })
})

describe('the directory', () => {
  test.each([
    'group:x: {slack_user: U1}',
    'user:x: {slack_usergroup: S1}',
    'channel:x: {slack_channel: "#general"}',
    'group:x: S0ABC',
    'channel:x: {slack_channel: C1, slack_workspace: emea}',
    'channel:x: {slack_workspace: T1}',
    'group:x: {slack_usergroup: S1, slack_user: U1}',
    'team:x: {slack_usergroup: S1}',
    'group:constructor: {slack_usergroup: lower}',
  ])('refuses %s', (line) => {
    expect(refused(bundleFiles(swap('directory:\n', `directory:\n  ${line}\n`)))).toMatchObject([
      { file: 'bundle.yaml', code: 'schema/value', line: 19 },
    ])
  })

  test('resolves what is in another workspace to addresses that say so', () => {
    const line = 'group:emea: {slack_usergroup: S0EMEA, slack_workspace: T0EMEA}'
    const { people } = loaded(bundleFiles(swap('directory:\n', `directory:\n  ${line}\n`)))

    expect(people.get('group:emea')?.address).toBe('slack:T0EMEA/S0EMEA')
  })

  test('resolves groups, users and channels to addresses', () => {
    const { people } = loaded(bundleFiles())

    expect(people.get('group:security')).toEqual({
      ref: 'group:security',
      kind: 'group',
      address: 'slack:S0SEC',
    })
    expect(people.get('user:omar')).toEqual({ ref: 'user:omar', kind: 'account', address: 'slack:U0OMAR' })
    expect(people.has('channel:security')).toBe(false)
  })

  test('must declare the owner of a resource', () => {
    const files = {
      'resources.yaml': resources('- {match: {type: t, id: a}, sensitivity: public, owner: user:oma}\n'),
    }

    expect(refused(bundleFiles(files))).toMatchObject([
      { code: 'directory/unknown', message: expect.stringContaining('user:omar') },
    ])
  })
})

describe('a rule', () => {
  const seven = Array.from(
    { length: 7 },
    (_, n) => `{name: l${n}, from: [user:omar${'x'.repeat(n)}], count: 1}`,
  ).join(', ')
  const approvals = (legs: string): string => `  require: {approvals: [${legs}]}\n`

  test.each([
    ['more than six legs', rule(approvals(seven)), 'require/too-many'],
    [
      'two legs of one name',
      rule(approvals('{name: a, from: [owner], count: 1}, {name: a, from: [user:omar], count: 1}')),
      'require/duplicate-leg',
    ],
    [
      'two legs of the same people in another order',
      rule(
        approvals(
          '{name: a, from: [owner, user:omar], count: 1}, {name: b, from: [user:omar, owner], count: 1}',
        ),
      ),
      'require/duplicate-leg',
    ],
    ['one source twice', rule(approvals('{name: a, from: [owner, owner], count: 1}')), 'schema/value'],
    ['an expiry beyond thirty days', rule('  require: {expires_in: 31d}\n'), 'schema/value'],
    ['a match that narrows nothing', rule('').replace('{actions: [db.export]}', '{}'), 'schema/value'],
    ['two stars in a row', rule('').replace('db.export', '"db.**"'), 'schema/value'],
    ['a blank description', rule('').replace('description: d', 'description: " "'), 'schema/value'],
  ])('with %s is refused', (_what, written, code) => {
    expect(refused(bundleFiles({ 'rules/a.yaml': written })).map((problem) => problem.code)).toContain(code)
  })

  test('is loaded when it has none of these faults', () => {
    expect(
      loaded(
        bundleFiles({ 'rules/a.yaml': rule(approvals('{name: a, from: [owner, user:omar], count: 1}')) }),
      ).rules,
    ).toHaveLength(1)
  })
})
