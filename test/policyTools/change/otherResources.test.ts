import { describe, expect, test } from 'vitest'
import { bundleChanges } from '../../../src/policyTools/difference/bundleChanges.ts'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { skeletonFor } from '../../../src/policyTools/tests/skeleton.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'

const files = {
  'actions.yaml': `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  s3.copy:
    effect: write
    params: {source: string, dest: string, audit: string?}
    resources:
      destination: {type: bucket, from: params.dest}
      audit: {type: bucket, from: params.audit}
`,
  'resources.yaml': `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: bucket, id: vault}, sensitivity: secret, owner: user:omar}
  - {match: {type: table, id: users}, sensitivity: secret}
`,
  'rules/a.yaml': `- id: copy.vault
  description: What goes into a vault is asked about.
  match: {actions: [s3.copy]}
  when: resources.destination.sensitivity == "secret" && has(resources.audit) && resources.audit.sensitivity == "public"
  verdict: require_approval
  require: {approvals: [{name: o, from: [owner(destination), group:data], count: 1}]}
- id: copy.inside
  description: What stays inside is not.
  match: {actions: [s3.copy]}
  when: resources.destination.sensitivity == "internal"
  verdict: allow
`,
}
const base = loaded(bundleFiles(files))
const head = (file: keyof typeof files, from: string, to: string) => {
  expect(files[file]).toContain(from)
  return loaded(bundleFiles({ ...files, [file]: files[file].replace(from, to) }))
}
const notes = (changed: typeof base) => loosened(base, changed).map(({ message }) => message)

describe('an edit about another resource', () => {
  test.each([
    [
      'an owner',
      head('resources.yaml', 'owner: user:omar', 'owner: group:security'),
      /its owner is group:security instead of user:omar, who is asked as `owner\(destination\)`/,
    ],
    [
      'a sensitivity by which a rule asks',
      head('resources.yaml', 'sensitivity: secret, owner', 'sensitivity: restricted, owner'),
      /resources\.destination\.sensitivity secret → restricted, and "copy\.vault" goes by it/,
    ],
    [
      'the parameter that names it',
      head('actions.yaml', 'from: params.dest}', 'from: params.source}'),
      /its resource "destination" is the bucket in params\.source instead of the bucket in params\.dest/,
    ],
  ])('%s is told as one that can weaken', (_what, changed, said) => {
    expect(notes(changed)).toContainEqual(expect.stringMatching(said))
  })

  test('of another type is silent', () => {
    expect(
      notes(head('resources.yaml', 'id: users}, sensitivity: secret', 'id: users}, sensitivity: public')),
    ).toEqual([])
  })

  test('of the catalogue is named to those who decide, and digested', () => {
    const changed = head('actions.yaml', 'from: params.dest}', 'from: params.source}')

    expect(bundleChanges(base, changed)).toEqual([
      expect.stringContaining('destination: the bucket in params.«dest → source»;'),
    ])
    expect(differenceOf(base, changed).otherChanges).toEqual(['action s3.copy changed'])
  })
})

describe('a test about another resource', () => {
  const run = (request: string, expected: string, more = '') => {
    const all = bundleFiles({
      ...files,
      'tests/a.yaml': `apiVersion: countersign/v1
kind: PolicyTests
base:
  environment: prod
  agent: {name: bot, owner: {id: U9, email: lee@acme.test}}
  time: 2026-11-24T14:00:00+01:00
  action: s3.copy
  resource: {type: bucket, id: from-here}
  params: {source: from-here, dest: vault, audit: log}
tests:
  - name: one
    request: {${request}}
    expect: {${expected}}
${more}`,
    })
    const { problems, files: ran } = runTests(loaded(all), all)
    return [
      ...problems.map(({ message }) => message),
      ...ran.flatMap(({ results }) => results.flatMap((one) => one.differences)),
    ]
  }

  test('can say what resources.yaml would, and leaves the rest to it', () => {
    const asked = 'verdict: require_approval, approvals: {o: {from: [owner(destination), group:data]}}'
    expect(run('resources: {audit: {sensitivity: public}}', asked)).toEqual([])
    // Control: of a log that nothing is known about, the rule does not speak.
    expect(run('', 'verdict: require_approval, code: unmatched')).toEqual([])
  })

  test('can have an owner who is in no directory', () => {
    const request = 'resources: {audit: {sensitivity: public}, destination: {owner: {id: U77}}}'
    const click = '    approvals: [{by: {id: U77}, expect: approved}]\n'
    expect(run(request, 'verdict: require_approval', click)).toEqual([])
  })

  test('cannot speak of one that the request does not name', () => {
    expect(run('resources: {target: {sensitivity: public}}', 'verdict: deny')).toEqual([
      'The action s3.copy names no resource "target".',
    ])
    expect(
      run('params: {source: a, dest: b}, resources: {audit: {sensitivity: public}}', 'verdict: deny'),
    ).toEqual([expect.stringContaining('give its parameter "audit"')])
  })

  test('is suggested for a rule that goes by it, and passes', () => {
    const skeleton = skeletonFor(base, 'copy.vault') ?? ''
    const all = bundleFiles({
      ...files,
      'tests/a.yaml': `apiVersion: countersign/v1\nkind: PolicyTests\ntests:\n${skeleton}`,
    })

    expect(skeleton).toContain('destination:')
    expect(runTests(base, all).ok).toBe(true)
  })
})
