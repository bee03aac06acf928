import { describe, expect, test } from 'vitest'
import { config, facts, pod } from './manifests.ts'

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
