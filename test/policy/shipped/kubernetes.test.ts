import { test } from 'vitest'
import { asks, type Case, expectJudged, title } from './judge.ts'

const pod = (spec: string) => `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {${spec}}
`
const role = (verbs: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [${verbs}]}]
`
const ofPod = (spec: string, ...rules: readonly string[]): Case => ({
  ask: ['k8s.apply', 'prod', 'cluster shop'],
  params: { manifest: pod(spec) },
  ...asks(...rules),
})

const cases: readonly Case[] = [
  {
    ask: ['k8s.apply', 'dev', 'cluster shop'],
    ...asks('k8s.change'),
    legs: ['platform: 1 of group:platform-leads'],
  },
  ofPod('containers: [{image: nginx}]', 'k8s.change'),
  ofPod(
    'containers: [{image: nginx, securityContext: {capabilities: {add: [NET_BIND_SERVICE]}}}]',
    'k8s.change',
  ),
  ofPod(
    'containers: [{image: nginx, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]',
    'k8s.change',
    'k8s.host',
  ),
  ofPod('containers: [{image: nginx, securityContext: {privileged: true}}]', 'k8s.change', 'k8s.host'),
  ofPod('hostNetwork: true', 'k8s.change', 'k8s.host'),
  ofPod('volumes: [{name: x, hostPath: {path: /}}]', 'k8s.change', 'k8s.host'),
  ofPod('hostnetwork: true', 'k8s.change', 'k8s.host'),
  {
    ask: ['k8s.apply', 'prod', 'cluster shop'],
    params: { manifest: 'helm install' },
    ...asks('k8s.change', 'k8s.host'),
    legs: ['platform: 1 of group:platform-leads', 'security: 1 of group:security'],
  },
  {
    ask: ['k8s.apply', 'prod', 'cluster shop'],
    params: { verb: 'scale' },
    ...asks('k8s.change', 'k8s.host'),
  },
  {
    ask: ['k8s.apply', 'dev', 'cluster shop'],
    params: { manifest: role('get, list') },
    ...asks('k8s.change'),
  },
  {
    ask: ['k8s.apply', 'dev', 'cluster shop'],
    params: { manifest: role('"*"') },
    ...asks('k8s.change', 'k8s.rights'),
  },
  {
    ask: ['k8s.apply', 'prod', 'cluster shop'],
    params: { verb: 'delete' },
    ...asks('k8s.change', 'k8s.delete'),
    legs: ['platform: 2 of group:platform-leads'],
    confirm: ['shop'],
  },
]

test.each(cases)(title, expectJudged)
