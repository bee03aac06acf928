import type { Json, JsonObject } from '../../../core/json.ts'
import { NotUnderstood, quoted } from '../notUnderstood.ts'
import { type Image, imageIn } from './image.ts'
import type { KubernetesObject } from './objects.ts'
import { rightsIn } from './rights.ts'

/** What of the machine below it a workload asks for. */
export const hostAccesses = ['network', 'pid', 'ipc', 'path', 'port'] as const
type HostAccess = (typeof hostAccesses)[number]

/** What objects ask for beside being there. */
export interface Effects {
  /** Templates of pods, wherever in an object they stand. */
  workloads: number
  privileged: boolean
  readonly images: Map<string, Image>
  readonly host: Set<HostAccess>
  readonly hostPaths: Set<string>
  readonly capabilities: Set<string>
  readonly serviceAccounts: Set<string>
  readonly secrets: Set<string>
  readonly serviceTypes: Set<string>
  readonly rights: Set<string>
  webhooks: boolean
}

/**
 * Goes through objects, and finds what they ask for by the names of fields, wherever these stand: a template of pods in a kind
 * that nobody here knows counts like one in a Deployment. That can only find too much. What is written in another case is not
 * understood, because some parsers take it for the field.
 *
 * @throws NotUnderstood
 */
export function effectsOf(objects: readonly KubernetesObject[]): Effects {
  const found: Effects = {
    workloads: 0,
    privileged: false,
    images: new Map(),
    host: new Set(),
    hostPaths: new Set(),
    capabilities: new Set(),
    serviceAccounts: new Set(),
    secrets: new Set(),
    serviceTypes: new Set(),
    rights: new Set(),
    webhooks: false,
  }
  for (const object of objects) {
    walk(object.body, found)
    for (const right of rightsIn(object)) found.rights.add(right)
    const { group, kind, body } = object
    if (
      kind.endsWith('WebhookConfiguration') ||
      (group === 'apiregistration.k8s.io' && kind === 'APIService')
    )
      found.webhooks = true
    if (group === '' && kind === 'Service') found.serviceTypes.add(serviceType(body))
  }
  return found
}

/** Mappings whose keys are somebody's own words, and the description of types, which has the names of fields in it. */
const ownWords = new Set(
  'annotations labels matchLabels nodeSelector selector data stringData binaryData openAPIV3Schema parameters limits requests'.split(
    ' ',
  ),
)

type Field = (value: Json, found: Effects, key: string) => void

/** What each field says. `null` is a field that is not there. */
const fields: Readonly<Record<string, Field>> = {
  containers: (_, found) => {
    found.workloads += 1
  },
  hostNetwork: (value, found, key) => flag(value, key) && found.host.add('network'),
  hostPID: (value, found, key) => flag(value, key) && found.host.add('pid'),
  hostIPC: (value, found, key) => flag(value, key) && found.host.add('ipc'),
  hostPort: (value, found) => value !== 0 && found.host.add('port'),
  hostPath: (value, found) => {
    found.host.add('path')
    const path = typeof value === 'string' ? value : objectIn(value)?.path
    found.hostPaths.add(plain(path, 'hostPath'))
  },
  privileged: (value, found, key) => {
    if (flag(value, key)) found.privileged = true
  },
  hostProcess: (value, found, key) => {
    if (flag(value, key)) found.privileged = true
  },
  capabilities: (value, found) => {
    for (const one of listIn(objectIn(value)?.add)) found.capabilities.add(plain(one, 'capabilities'))
  },
  image: (value, found) => {
    const text = typeof value === 'string' ? value : objectIn(value)?.reference
    const image = typeof text === 'string' ? imageIn(text) : null
    if (typeof text !== 'string' || image === null)
      throw new NotUnderstood('It has an `image` that is not the plain name of one.')
    found.images.set(text, image)
  },
  serviceAccount: (value, found, key) => typeof value === 'string' && account(value, found, key),
  serviceAccountName: (value, found, key) => account(value, found, key),
  secretName: (value, found, key) => found.secrets.add(plain(value, key)),
  secretRef: secretNamed,
  secretKeyRef: secretNamed,
  imagePullSecrets: (value, found, key) => {
    for (const one of listIn(value)) secretNamed(one, found, key)
  },
  secret: (value, found, key) => {
    const name = objectIn(value)?.name
    if (name !== undefined) found.secrets.add(plain(name, key))
  },
}

const otherCase: ReadonlyMap<string, string> = new Map(
  [...Object.keys(fields), ...ownWords, 'securityContext', 'spec', 'template', 'add', 'path', 'name'].map(
    (name) => [name.toLowerCase(), name],
  ),
)

function walk(value: Json, found: Effects): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const one of value) walk(one, found)
    return
  }
  for (const [key, inner] of Object.entries(value)) {
    const meant = otherCase.get(key.toLowerCase())
    if (meant !== undefined && meant !== key)
      throw new NotUnderstood(`It has ${quoted(key)}, which some take for \`${meant}\`.`)
    if (inner === null || isOwnWords(key, inner)) continue
    if (Object.hasOwn(fields, key)) fields[key]?.(inner, found, key)
    walk(inner, found)
  }
}

/** Of which every value is text, or which describes types; `selector` and the like may be more in kinds that nobody knows. */
function isOwnWords(key: string, value: Json): boolean {
  if (!ownWords.has(key)) return false
  if (key === 'openAPIV3Schema') return true
  const object = objectIn(value)
  return object !== null && Object.values(object).every((one) => typeof one !== 'object')
}

function flag(value: Json, key: string): boolean {
  if (typeof value === 'boolean') return value
  throw new NotUnderstood(`\`${key}\` is neither true nor false.`)
}

function account(value: Json, found: Effects, key: string): void {
  found.serviceAccounts.add(plain(value, key))
}

function secretNamed(value: Json, found: Effects, key: string): void {
  const name = objectIn(value)?.name
  if (name !== undefined) found.secrets.add(plain(name, key))
}

/** Longest text of one of these facts. */
export const longestName = 500

function plain(value: Json | undefined, key: string): string {
  if (typeof value === 'string' && value.length <= longestName && /^[\x21-\x7e]+$/.test(value)) return value
  throw new NotUnderstood(`\`${key}\` names something that is not plain text.`)
}

function serviceType({ spec }: JsonObject): string {
  const type = objectIn(spec)?.type ?? 'ClusterIP'
  return plain(type, 'type')
}

function objectIn(value: Json | undefined): JsonObject | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : null
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}
