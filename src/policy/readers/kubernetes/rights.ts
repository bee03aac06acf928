import type { Json, JsonObject } from '../../../core/json.ts'
import type { KubernetesObject } from './objects.ts'

/** What an object of RBAC can give beyond one thing. */
export const rights = [
  'wildcard',
  'escalate',
  'bind',
  'impersonate',
  'secrets',
  'exec',
  'tokens',
  'aggregates',
  'admin',
  'everyone',
] as const
type Right = (typeof rights)[number]

/** Of roles what their rules say, of bindings whom they give what; nothing of any other object. */
export function rightsIn({ group, kind, body }: KubernetesObject): readonly Right[] {
  if (group !== 'rbac.authorization.k8s.io') return []
  if (kind.endsWith('Binding')) return givenBy(body)
  const labels = Object.keys(objectIn(objectIn(body.metadata)?.labels) ?? {})
  const aggregates = body.aggregationRule !== undefined || labels.some((one) => /\/aggregate-to-/.test(one))
  return [
    ...(aggregates ? (['aggregates'] as const) : []),
    ...listIn(body.rules).flatMap((rule) => ofRule(objectIn(rule) ?? {})),
  ]
}

const verbs: ReadonlyMap<string, Right> = new Map([
  ['escalate', 'escalate'],
  ['bind', 'bind'],
  ['impersonate', 'impersonate'],
  ['*', 'wildcard'],
])

function ofRule({ verbs: may, resources, apiGroups, nonResourceURLs }: JsonObject): readonly Right[] {
  const on = listIn(resources).map(String)
  const wide = [...on, ...listIn(apiGroups), ...listIn(nonResourceURLs)].some((one) => `${one}`.includes('*'))
  return [
    ...listIn(may).flatMap((one) => verbs.get(`${one}`) ?? []),
    ...(wide ? (['wildcard'] as const) : []),
    ...(on.includes('secrets') ? (['secrets'] as const) : []),
    ...(on.some((one) =>
      /^pods\/(exec|attach|portforward|proxy|ephemeralcontainers)$|^nodes\/proxy$/.test(one),
    )
      ? (['exec'] as const)
      : []),
    ...(on.includes('serviceaccounts/token') ? (['tokens'] as const) : []),
  ]
}

const broad = ['cluster-admin', 'admin', 'system:masters']
const everybody = [
  'system:authenticated',
  'system:unauthenticated',
  'system:anonymous',
  'system:serviceaccounts',
]

function givenBy({ roleRef, subjects }: JsonObject): readonly Right[] {
  const names = listIn(subjects).map((one) => `${objectIn(one)?.name}`)
  return [
    ...(broad.includes(`${objectIn(roleRef)?.name}`) ? (['admin'] as const) : []),
    ...(names.some((one) => everybody.includes(one)) ? (['everyone'] as const) : []),
  ]
}

function objectIn(value: Json | undefined): JsonObject | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : null
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}
