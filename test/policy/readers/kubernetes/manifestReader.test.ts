import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readManifest } from '../../../../src/policy/readers/kubernetes/manifestReader.ts'
import { manifestLimits } from '../../../../src/policy/readers/kubernetes/manifestText.ts'

const read = (text: string) => readManifest(text, { verb: 'apply', dryRun: false })
const facts = (text: string) => {
  const reading = read(text)
  return reading.understood ? reading.facts : { why: reading.why, at: reading.at }
}
const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
`
const pod = (spec: string) => `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
${spec}`

const deployment = `# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  replicas: 2
  template:
    metadata:
      annotations: {"note": "privileged: true"}
    spec:
      serviceAccountName: web
      imagePullSecrets: [{name: pull}]
      containers:
        - name: web
          image: registry.acme.test/shop/web:1.4.0
          ports: [{containerPort: 8080}]
          envFrom: [{secretRef: {name: db}}]
          env:
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: token, key: value}}
        - name: log
          image: fluent/fluent-bit@sha256:${'a'.repeat(64)}
      volumes:
        - name: tls
          secret: {secretName: tls}
`

describe('manifests', () => {
  test('say which objects they are, and what workloads ask for', () => {
    expect(facts(`${deployment}---\n${config}`)).toEqual({
      verb: 'apply',
      dry_run: false,
      count: 2,
      objects: [
        { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' },
      ],
      kinds: ['Deployment.apps', 'ConfigMap'],
      namespaces: ['shop'],
      workloads: 1,
      images: ['registry.acme.test/shop/web:1.4.0', `fluent/fluent-bit@sha256:${'a'.repeat(64)}`],
      registries: ['registry.acme.test', 'docker.io'],
      tags: ['1.4.0'],
      unpinned: ['registry.acme.test/shop/web:1.4.0'],
      privileged: false,
      host: [],
      host_paths: [],
      capabilities: [],
      service_accounts: ['web'],
      secrets: ['pull', 'db', 'token', 'tls'],
      service_types: [],
      rights: [],
      webhooks: false,
    })
  })

  test('in JSON say the same', () => {
    const json = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { hostNetwork: true, containers: [{ name: 'a', image: 'nginx' }] },
    }
    expect(facts(JSON.stringify(json))).toMatchObject({
      host: ['network'],
      tags: ['latest'],
      namespaces: [''],
    })
    expect(facts(JSON.stringify(json))).toEqual(
      facts(pod('  hostNetwork: true\n  containers: [{name: a, image: nginx}]')),
    )
  })

  test.each([
    ['hostNetwork: true', { host: ['network'] }],
    ['hostPID: true', { host: ['pid'] }],
    ['hostIPC: true', { host: ['ipc'] }],
    ['hostNetwork: false', { host: [] }],
    [
      'volumes: [{name: x, hostPath: {path: /var/run/docker.sock}}]',
      { host: ['path'], host_paths: ['/var/run/docker.sock'] },
    ],
    ['containers: [{image: x, ports: [{hostPort: 80}]}]', { host: ['port'], workloads: 1 }],
    ['containers: [{image: x, securityContext: {privileged: true}}]', { privileged: true }],
    [
      'initContainers: [{image: sh, securityContext: {privileged: true}}]',
      { privileged: true, images: ['sh'] },
    ],
    [
      'ephemeralContainers: [{image: sh, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]',
      { capabilities: ['SYS_ADMIN'] },
    ],
    ['securityContext: {windowsOptions: {hostProcess: true}}', { privileged: true }],
    ['volumes: [{name: x, projected: {sources: [{secret: {name: s}}]}}]', { secrets: ['s'] }],
    [
      'volumes: [{name: x, image: {reference: "registry.acme.test:5000/data:1"}}]',
      { registries: ['registry.acme.test:5000'] },
    ],
    ['serviceAccount: old', { service_accounts: ['old'] }],
    ['containers: [{image: localhost/x}]', { registries: ['localhost'] }],
    ['containers: [{image: "Ghcr.io/acme/x:1"}]', { registries: ['ghcr.io'] }],
  ])('of a pod with %s', (spec, expected) => {
    expect(facts(pod(`  ${spec}`))).toMatchObject(expected)
  })

  test('find templates of pods wherever they stand', () => {
    const cron = `apiVersion: batch/v1
kind: CronJob
metadata: {name: night}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          hostPID: true
          containers: [{name: a, image: a}]
`
    expect(facts(cron)).toMatchObject({ workloads: 1, host: ['pid'], kinds: ['CronJob.batch'] })
    const own = cron.replace('batch/v1', 'acme.test/v1alpha1').replace('CronJob', 'Nightly')
    expect(facts(own)).toMatchObject({ workloads: 1, host: ['pid'], kinds: ['Nightly.acme.test'] })
  })

  test.each([
    ['rules: [{apiGroups: ["*"], resources: [pods], verbs: [get]}]', ['wildcard']],
    ['rules: [{apiGroups: [""], resources: ["*"], verbs: [get]}]', ['wildcard']],
    ['rules: [{apiGroups: [""], resources: [pods], verbs: ["*"]}]', ['wildcard']],
    ['rules: [{nonResourceURLs: ["*"], verbs: [get]}]', ['wildcard']],
    ['rules: [{apiGroups: [""], resources: [roles], verbs: [bind, escalate]}]', ['bind', 'escalate']],
    ['rules: [{apiGroups: [""], resources: [users], verbs: [impersonate]}]', ['impersonate']],
    [
      'rules: [{apiGroups: [""], resources: [secrets, pods/exec, serviceaccounts/token], verbs: [get]}]',
      ['secrets', 'exec', 'tokens'],
    ],
    ['aggregationRule: {clusterRoleSelectors: []}', ['aggregates']],
    ['rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]', []],
  ])('of a role with %s', (body, rights) => {
    const role = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n${body}\n`

    expect(facts(role)).toMatchObject({ rights })
  })

  test('say whom a binding gives everything, or gives something to everybody', () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "system:x"}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: Group, name: "system:authenticated"}]
`
    expect(facts(binding)).toMatchObject({ rights: ['admin', 'everyone'] })
    const aggregated = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r, labels: {rbac.authorization.k8s.io/aggregate-to-admin: "true"}}
`
    expect(facts(aggregated)).toMatchObject({ rights: ['aggregates'] })
  })

  test('say what services open and what webhooks change', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n'
    expect(facts(`${service}spec: {type: LoadBalancer}`)).toMatchObject({ service_types: ['LoadBalancer'] })
    expect(facts(service)).toMatchObject({ service_types: ['ClusterIP'] })
    for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'])
      expect(
        facts(`apiVersion: admissionregistration.k8s.io/v1\nkind: ${kind}\nmetadata: {name: w}\n`),
      ).toMatchObject({ webhooks: true })
  })

  test('in a list are unfolded, as kubectl does', () => {
    const items =
      'items:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- {apiVersion: v1, kind: Secret, metadata: {generateName: b-}}\n'
    expect(facts(`apiVersion: v1\nkind: List\n${items}`)).toMatchObject({
      count: 2,
      kinds: ['Secret'],
      objects: [{ name: 'a' }, { name: 'b-*' }],
    })
  })
})

const json = (text: string) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}${text}}`

describe('what is not understood', () => {
  test('says the place', () => {
    expect(facts(`${config}data:\n  a: on\n`)).toEqual({
      why: 'YAML 1.1, which kubectl reads, and YAML 1.2 read it differently: put it in quotes.',
      at: config.length + 'data:\n  a: '.length,
    })
    expect(facts(`${config}data: {a: "on", b: 'yes', c: "010"}\n`)).toMatchObject({ count: 1 })
  })

  test.each([
    ['nothing', ''],
    ['only comments', '# a\n---\n# b\n'],
    ['text', 'hello'],
    ['a list at the top', '- a\n'],
    ['on', `${config}data: {a: on}`],
    ['y as a key', `${config}data: {y: "1"}`],
    ['an octal number', `${config}data: {a: 010}`],
    ['another octal number', `${config}data: {a: 0o10}`],
    ['a hexadecimal number', `${config}data: {a: 0x1F}`],
    ['a hexadecimal number that only Go knows', `${config}data: {a: 0X1F}`],
    ['a binary number', `${config}data: {a: 0b11}`],
    ['a number with underscores', `${config}data: {a: 1_000}`],
    ['a number of minutes', `${config}data: {a: 1:30}`],
    ['a day', `${config}data: {a: 2001-01-01}`],
    ['a number with an exponent', `${config}data: {a: 1e3}`],
    ['a number that is too large', `${config}data: {a: 9007199254740993}`],
    ['a number with more digits than there are', `${config}data: {a: 0.1234567890123456789}`],
    ['a number with a plus', `${config}data: {a: +1}`],
    ['a number that ends with a zero', `${config}data: {a: 1.0}`],
    ['infinity', `${config}data: {a: .inf}`],
    ['the same key twice', `${config}data: {a: "1", a: "2"}`],
    ['the same key twice at the top', `${config}kind: Secret\n`],
    ['an alias', `${config}data: {a: &x "1", b: *x}`],
    ['an anchor', `${config}data: {a: &x "1"}`],
    ['a merge key', `${config}data: {<<: {a: "1"}}`],
    ['a tag', `${config}data: {a: !!str 1}`],
    ['a tag of its own', `${config}data: !x {a: "1"}`],
    ['a directive', `%YAML 1.1\n---\n${config}`],
    ['a key that is no text', `${config}data: {1: "1"}`],
    ['a key that is a list', `${config}data: {[a]: "1"}`],
    ['__proto__', `${config}__proto__: {a: "1"}`],
    ['a tab', `${config}data:\t{a: "1"}`],
    ['a line that ends with CR LF', config.replaceAll('\n', '\r\n')],
    ['a separator of lines beyond ASCII', `${config}# a\u2028kind: Secret\n`],
    ['a letter that looks like another', config.replace('kind', 'kіnd')],
    ['a byte order mark', `\ufeff${config}`],
    ['something behind the separator', `${config}--- # next\n${config}`],
    ['an object behind the separator', `${config}--- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n`],
    ['an end of a document', `${config}...\n${config}`],
    ['an escape that is a letter', `${config}data: {"\\x61": "1"}`],
    ['a line that goes on behind a backslash', `${config}data: {"a\\\n  b": "1"}`],
    ['an image that is true for kubectl', pod('  containers: [{image: y}]')],
    ['a quote that does not end', `${config}data: {a: "1}`],
    ['a field in another case', pod('  hostnetwork: true\n')],
    ['a kind in another case', config.replace('kind', 'Kind')],
    ['a name in another case', config.replace('name: settings', 'Name: settings')],
    ['a flag that is text', pod('  hostNetwork: "true"\n')],
    ['privileged as a number', pod('  containers: [{image: x, securityContext: {privileged: 1}}]')],
    ['an image that is none', pod('  containers: [{image: "x y"}]')],
    ['an image that is a number', pod('  containers: [{image: 1}]')],
    ['an image without a name', pod('  containers: [{image: ":latest"}]')],
    ['no apiVersion', config.replace('apiVersion: v1\n', '')],
    ['an odd apiVersion', config.replace('v1', 'v1/x/y')],
    ['no kind', config.replace('kind: ConfigMap\n', '')],
    ['no name', config.replace('  name: settings\n', '')],
    ['an odd namespace', config.replace('shop', 'Shop')],
    ['items in what is no list', `${config}items: [{apiVersion: v1, kind: Secret, metadata: {name: s}}]`],
    [
      'a list in a list',
      'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, metadata: {name: x}, items: []}]',
    ],
    [
      'a list whose items do not say what they are',
      'apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: s}}]',
    ],
    ['a list with more than items', 'apiVersion: v1\nkind: List\nitems: []\nspec: {hostNetwork: true}'],
    ['an empty list', 'apiVersion: v1\nkind: List\nitems: []'],
    ['JSON with the same key twice', json(',"kind":"Secret"')],
    ['JSON with a number that is too large', json(',"data":{"a":9007199254740993}')],
    ['JSON with __proto__', json(',"__proto__":{"kind":"Secret"}')],
    ['two values of JSON', `${json('')}${json('')}`],
    ['JSON with a comment', `${json('')} // x`],
    ['JSON of a list', `[${json('')}]`],
  ])('is %s', (_, text) => {
    expect(read(text).understood).toBe(false)
  })

  test('is what is longer than its limits, or has more steps', () => {
    const { text, lines } = manifestLimits
    expect(facts(`${config}#${'x'.repeat(text)}`).why).toContain('longer than 16,384 characters')
    expect(facts(`${config}${'#\n'.repeat(lines)}`).why).toContain('more than 1,500 lines')
    expect(facts(`${config}---\n`.repeat(101)).why).toContain('more than 100 objects')
    const deep = `data: ${'['.repeat(200)}${'1,'.repeat(1_500)}${']'.repeat(200)}`
    expect(facts(config + deep)).toEqual({
      why: 'Reading it takes more than 300,000 steps: nest it less, or send it in several requests.',
      at: config.length,
    })
  })

  test('never throws, whatever a text is made of', () => {
    const pieces = fc.constantFrom(
      ...config.split('\n').map((line) => `${line}\n`),
      ...pod('  hostNetwork: true\n  containers: [{image: x}]\n').split(/(?<=[ \n])/),
      ...[
        '---\n',
        '- ',
        '? ',
        ': ',
        '[',
        ']',
        '{',
        '}',
        '&a ',
        '*a',
        '!!x ',
        '|\n',
        '>-\n  ',
        '"',
        "'",
        '#',
        '%',
        '\n',
        '  ',
      ],
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), fc.string(), (parts, text) => {
        for (const tried of [parts.join(''), config + parts.join(''), text, `${config}data:\n  a: ${text}`])
          expect(typeof read(tried).understood).toBe('boolean')
      }),
      { numRuns: 300 },
    )
  })
})
