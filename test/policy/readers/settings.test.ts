import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { at } from '../ask.ts'
import { actionsYaml, bundleFiles, loaded, refused } from '../files.ts'

const files = (params: string, when: string) =>
  bundleFiles({
    'actions.yaml': `${actionsYaml}  thing.do: {effect: write, params: ${params}}\n`,
    'rules/thing.yaml': `
- id: thing.do
  description: A thing that is known is automatic.
  match: {actions: [thing.do]}
  when: ${JSON.stringify(when)}
  verdict: allow
`,
  })

const verdict = (bundle: ReturnType<typeof loaded>, params: JsonObject) =>
  evaluate(bundle, {
    action: { action: 'thing.do', resource: { type: 'thing', id: '1' }, params, environment: 'dev' },
    agent: { id: 'agt_1', name: 'bot' },
    at,
  }).verdict.kind

describe('a path', () => {
  const params = '{file: {type: string, reads: path, roots: [/srv/app, /srv/app/secret]}}'
  const bundle = loaded(files(params, 'read.file.understood && read.file.root == "/srv/app"'))

  test('is inside the innermost of the roots that the catalogue names', () => {
    expect(verdict(bundle, { file: '/srv/app/a.txt' })).toBe('allow')
    expect(verdict(bundle, { file: '/srv/app/secret/a.txt' })).toBe('require_approval')
    expect(verdict(bundle, { file: '/srv/app/../app/a.txt' })).toBe('require_approval')
  })

  test('has no root where the catalogue names none', () => {
    const rootless = loaded(
      files('{file: {type: string, reads: path}}', 'read.file.understood && read.file.root == ""'),
    )
    expect(verdict(rootless, { file: '/srv/app/a.txt' })).toBe('allow')
  })
})

describe('an operation of AWS', () => {
  const params = '{service: string, call: {type: string, reads: aws, service: service}}'
  const when = 'read.call.understood && read.call.access in ["list", "read"] && size(read.call.risks) == 0'
  const bundle = loaded(files(params, when))

  test('is read with the service that another parameter names', () => {
    expect(verdict(bundle, { service: 'ec2', call: 'DescribeInstances' })).toBe('allow')
    expect(verdict(bundle, { service: 's3', call: 'DescribeInstances' })).toBe('require_approval')
    expect(verdict(bundle, { service: 'ec2', call: 'RunInstances' })).toBe('require_approval')
  })
})

describe('manifests of Kubernetes', () => {
  const manifest = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n'
  const asks = (params: string, when: string) =>
    loaded(
      new Map(
        [...files(params, when)].map(([name, text]) => [
          name,
          name === 'rules/thing.yaml' ? text.replace('verdict: allow', 'verdict: deny') : text,
        ]),
      ),
    )
  const by = 'read.m.understood && read.m.verb == "delete" && !read.m.dry_run'

  test('are read with the verb that the catalogue fixes', () => {
    const bundle = asks('{m: {type: string, reads: kubernetes, verb: delete}}', by)
    expect(verdict(bundle, { m: manifest })).toBe('deny')
    const applied = asks('{m: {type: string, reads: kubernetes, verb: apply}}', by)
    expect(verdict(applied, { m: manifest })).toBe('require_approval')
  })

  test('are read with the verb and the dry run that other parameters say', () => {
    const params =
      '{do: string, dry: bool?, m: {type: string, reads: kubernetes, verb_from: do, dry_run: dry}}'
    const bundle = asks(params, by)

    expect(verdict(bundle, { do: 'delete', m: manifest })).toBe('deny')
    expect(verdict(bundle, { do: 'delete', dry: false, m: manifest })).toBe('deny')
    expect(verdict(bundle, { do: 'delete', dry: true, m: manifest })).toBe('require_approval')
    expect(verdict(bundle, { do: 'apply', m: manifest })).toBe('require_approval')
    const unread = asks(params, '!read.m.understood')
    for (const word of ['Delete', 'delete ', 'scale', ''])
      expect(verdict(unread, { do: word, m: manifest }), word).toBe('deny')
  })

  test('say each object with all that names it', () => {
    const bundle = asks(
      '{m: {type: string, reads: kubernetes, verb: apply}}',
      'read.m.understood && read.m.objects.exists(o, o.kind == "Secret" && o.namespace == "pay")',
    )
    expect(verdict(bundle, { m: manifest.replace('name: a', 'name: a, namespace: pay') })).toBe('deny')
    const elsewhere = `${manifest.replace('name: a', 'name: a, namespace: shop')}---\n${manifest
      .replace('Secret', 'ConfigMap')
      .replace('name: a', 'name: a, namespace: pay')}`
    expect(verdict(bundle, { m: elsewhere })).toBe('require_approval')
  })
})

describe('addresses and URLs', () => {
  test('are facts of the parameter', () => {
    const params =
      '{to: {type: {list: string}, reads: emails}, from: {type: string, reads: email}, hook: {type: string?, reads: url}}'
    const when =
      'read.to.understood && read.to.count == 1 && read.to.domains == ["acme.test"] && read.from.understood && read.from.domain == "acme.test" && (!read.hook.understood || read.hook.port == 443)'
    const bundle = loaded(files(params, when))

    expect(verdict(bundle, { to: ['lee@acme.test'], from: 'bob@acme.test' })).toBe('allow')
    expect(verdict(bundle, { to: ['lee@acme.test'], from: 'bob@acme.test', hook: 'https://a.test' })).toBe(
      'allow',
    )
    expect(verdict(bundle, { to: ['lee@acme.test'], from: 'bob@acme.test', hook: 'http://a.test' })).toBe(
      'require_approval',
    )
    expect(verdict(bundle, { to: [], from: 'bob@acme.test' })).toBe('require_approval')
  })

  test('of which one is an ARN, are parts of it', () => {
    const bundle = loaded(
      files('{arn: {type: string, reads: arn}}', 'read.arn.understood && read.arn.account == "111122223333"'),
    )

    expect(verdict(bundle, { arn: 'arn:aws:iam::111122223333:role/x' })).toBe('allow')
    expect(verdict(bundle, { arn: 'arn:aws:iam::*:role/x' })).toBe('require_approval')
  })
})

describe('what stands beside `reads`', () => {
  const message = (params: string) => refused(files(params, 'true')).map((problem) => problem.message)[0]

  test.each([
    ['{x: {type: string, reads: url, roots: [/srv]}}', 'must have `roots` only where path reads it'],
    [
      '{x: {type: string, reads: url, service: y}}',
      'must have `service` and `arguments` only where aws reads it',
    ],
    ['{x: {type: string, reads: url, arguments: y}}', 'must have `service` and `arguments` only where aws'],
    ['{x: {type: string, reads: path, roots: []}}', 'must have in `roots` a list of 1 to 50 paths'],
    ['{x: {type: string, reads: path, roots: [srv]}}', 'must have in `roots` absolute paths'],
    ['{x: {type: string, reads: path, roots: [/srv/]}}', 'must have in `roots` absolute paths'],
    ['{x: {type: string, reads: path, roots: [/srv/../etc]}}', 'must have in `roots` absolute paths'],
    ['{x: {type: string, reads: aws}}', 'must name in `service` the parameter'],
    ['{x: {type: string, reads: aws, service: y}}', 'must name in `service` another parameter'],
    ['{x: {type: string, reads: aws, service: x}}', 'must name in `service` another parameter'],
    ['{x: {type: string, reads: aws, service: y}, y: string?}', 'must name in `service` another parameter'],
    ['{x: {type: string, reads: aws, service: y}, y: int}', 'must name in `service` another parameter'],
    ['{y: string, x: {type: string, reads: aws, service: y, arguments: z}}', 'must name in `arguments` a'],
    ['{y: string, x: {type: string, reads: aws, service: y, arguments: 1}}', 'must name in `arguments` the'],
    [
      '{y: string, z: string, x: {type: string, reads: aws, service: y, arguments: z}}',
      'must name in `arguments` a parameter of type opaque',
    ],
    [
      '{y: string, z: {type: opaque, sensitive: true}, x: {type: string, reads: aws, service: y, arguments: z}}',
      'neither optional nor sensitive',
    ],
    ['{x: {type: string, reads: emails}}', 'must have the type {list: string}'],
    ['{x: {type: string, reads: kubernetes}}', 'must say what is done with it'],
    ['{x: {type: string, reads: kubernetes, verb: apply, verb_from: y}, y: string}', 'must say what is done'],
    ['{x: {type: string, reads: kubernetes, verb: scale}}', 'must have in `verb` one of create, apply'],
    ['{x: {type: string, reads: kubernetes, verb_from: y}}', 'must name in `verb_from` another parameter'],
    ['{x: {type: string, reads: kubernetes, verb_from: y}, y: string?}', 'must name in `verb_from` another'],
    [
      '{x: {type: string, reads: kubernetes, verb: apply, dry_run: y}, y: string}',
      'must name in `dry_run` a parameter',
    ],
    ['{x: {type: string, reads: url, verb: apply}}', 'only where kubernetes reads it'],
    ['{x: {type: opaque, reads: terraform_plan}}', 'must have the type string'],
  ])('is refused in %s', (params, says) => {
    expect(message(params)).toContain(says)
  })

  test('is a change that can weaken, when other roots count or another parameter names the service', () => {
    const of = (params: string) => loaded(files(params, 'params.y == "a"'))
    const said = (from: string, to: string) =>
      loosened(of(from), of(to))
        .map(({ message }) => message)
        .join()

    const path = (roots: string) => `{y: string, x: {type: string, reads: path, roots: [${roots}]}}`
    expect(said(path('/srv'), path('/'))).toContain('the parameter "x" is read by the roots /')
    const done = (how: string) => `{y: string, z: string, x: {type: string, reads: kubernetes, ${how}}}`
    expect(said(done('verb: delete'), done('verb: apply'))).toContain(
      'what is done with "x" is apply instead of delete',
    )
    expect(said(done('verb_from: y'), done('verb_from: z'))).toContain(
      'is what "z" says instead of what "y" says',
    )
    const call = (service: string) =>
      `{y: string, z: string, x: {type: string, reads: aws, service: ${service}}}`
    expect(said(call('y'), call('z'))).toContain('the parameter "x" is read with the service of "z"')
    const given = (more: string) => `{y: string, z: opaque, x: {type: string, reads: aws, service: y${more}}}`
    expect(said(given(''), given(', arguments: z'))).toContain(
      'the parameter "x" is read with the arguments in "z"',
    )
  })
})
