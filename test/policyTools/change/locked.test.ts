import { describe, expect, test } from 'vitest'
import { lintPrinted } from '../../../src/cli/policy/lint.ts'
import { lockedProblems } from '../../../src/policyTools/activation/locked.ts'
import { readyToActivate } from '../../../src/policyTools/activation/ready.ts'
import { firstTest } from '../../../src/policyTools/tests/firstTest.ts'
import { bundleFiles, filesIn, loaded } from '../../policy/files.ts'

const actions = `${bundleFiles().get('actions.yaml')}  policy.activate: {effect: admin, params: open}\n`
const filesWith = (rule: string, more: Readonly<Record<string, string>> = {}) =>
  bundleFiles({ 'actions.yaml': actions, 'rules/a.yaml': rule, ...more })
const found = (rule: string, more?: Readonly<Record<string, string>>) =>
  lockedProblems(loaded(filesWith(rule, more)))

const rule = (rest: string) =>
  `- id: guard\n  description: Changes of the policy.\n  match: {actions: [policy.activate]}\n${rest}`
const denies = rule('  verdict: deny\n')
const asks = (demand: string) => rule(`  verdict: require_approval\n  require: ${demand}\n`)

describe('a policy that could never be replaced again', () => {
  test.each([
    ['is denied to everybody', denies],
    [
      'is denied for every reason',
      rule('  when: has(params.loosened) && params.loosened >= 0\n  verdict: deny\n'),
    ],
    [
      'is denied to people, and only people ask',
      rule('  unless: initiator.kind == "schedule"\n  verdict: deny\n'),
    ],
    ['needs the owner of a thing that has none', asks('{approvals: [{name: own, from: [owner], count: 1}]}')],
    ['needs two of one person', asks('{approvals: [{name: own, from: [owner, user:omar], count: 2}]}')],
    ['needs a text that nobody can type', asks('{confirm: {type: typed, value: \'"a\\u200bb"\'}}')],
  ])('is found where a change %s', (_, text) => {
    expect(found(text)).toMatchObject([{ code: 'activation/locked', file: 'rules/a.yaml', rule: 'guard' }])
  })

  test('is found where no rule speaks and what is not spoken of is denied', () => {
    const bundleYaml = `${bundleFiles().get('bundle.yaml')}`.replace(
      'known_action: require_approval',
      'known_action: deny',
    )
    const [problem] = found('[]\n', { 'bundle.yaml': bundleYaml })

    expect(problem).toMatchObject({ file: 'bundle.yaml', rule: null })
    expect(problem?.message).toContain('because of `unmatched` of bundle.yaml')
  })

  test('is not ready to be active, and lint says so', () => {
    const files = filesWith(denies)
    const tested = new Map([...files, ['tests/a.yaml', firstTest(loaded(files))]])

    const readiness = readyToActivate(tested)

    expect(readiness).toMatchObject({ ok: false, errors: [{ code: 'activation/locked', rule: 'guard' }] })
    const printed = lintPrinted('p', files, { format: 'text', live: null })
    expect(printed).toMatchObject({ exitCode: 1, text: expect.stringContaining('activation/locked') })
  })
})

describe('a policy that somebody can replace is not locked', () => {
  test.each([
    ['the one that ships', filesIn('policies')],
    [
      'one that does not ask at all',
      bundleFiles({ 'rules/a.yaml': denies.replace('policy.activate', 'db.query') }),
    ],
    ['one that lets it through', filesWith(rule('  verdict: allow\n'))],
    ['one that asks people', filesWith(asks('{approvals: [{name: sec, from: [group:security], count: 2}]}'))],
    [
      'one that denies some changes',
      filesWith(rule('  when: has(params.loosened) && params.loosened > 0\n  verdict: deny\n')),
    ],
    [
      'one that denies at night',
      filesWith(rule('  when: time.hour >= 20 || time.hour < 7\n  verdict: deny\n')),
    ],
    ['one that denies until a day', filesWith(rule('  when: time.date < "2026-11-25"\n  verdict: deny\n'))],
    [
      'one that denies to whoever is not in a group',
      filesWith(
        rule('  unless: has(initiator.groups) && "group:platform" in initiator.groups\n  verdict: deny\n'),
      ),
    ],
    [
      'one that denies to all but one person',
      filesWith(
        rule('  unless: has(initiator.email) && initiator.email == "grace@acme.test"\n  verdict: deny\n'),
      ),
    ],
    [
      'one that denies to whoever is not of the company',
      filesWith(
        rule('  unless: has(initiator.email) && initiator.email.endsWith("@acme.test")\n  verdict: deny\n'),
      ),
    ],
    [
      'one that denies until a day in years',
      filesWith(rule('  when: time.date < "2031-01-01"\n  verdict: deny\n')),
    ],
    [
      'one that only observes the denial',
      filesWith(denies.replace('verdict: deny', 'mode: observe\n  verdict: deny')),
    ],
    [
      'one whose escalation brings the people',
      filesWith(
        rule(
          '  verdict: require_approval\n  require: {approvals: [{name: own, from: [owner], count: 1}]}\n  notify: {channel: channel:approvals, escalate: [{after: 10m, to: group:security}]}\n',
        ),
      ),
    ],
    [
      'one that denies with an emergency path',
      filesWith(
        rule(
          '  verdict: deny\n  override: break_glass\n  break_glass: {who: [group:security], reason: {min_length: 20, pattern: INC}, grant: {ttl: 5m}, notify: [channel:security], review_within: 1d}\n',
        ),
      ),
    ],
  ])('%s', (_, files) => {
    expect(lockedProblems(loaded(files))).toEqual([])
  })
})
