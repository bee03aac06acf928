import type { Json, JsonObject } from '../../../core/json.ts'
import { NotUnderstood, quoted } from '../notUnderstood.ts'
import { manifestLimits } from './manifestText.ts'

/** One object of Kubernetes: which it is, and all of it. */
export interface KubernetesObject {
  /** `""` for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  /** `""` where the manifest leaves it out: then it is whatever the caller's settings say. */
  readonly namespace: string
  /** With a star at the end where the server makes the rest of it. */
  readonly name: string
  readonly body: JsonObject
}

/**
 * The objects of some documents. Whatever has a list `items` is a list to kubectl, whatever its kind says, so lists are
 * unfolded by that; a list in a list is not understood.
 *
 * @throws NotUnderstood
 */
export function objectsIn(documents: readonly Json[]): readonly KubernetesObject[] {
  const objects = documents.flatMap((one, nth) => {
    const where = documents.length === 1 ? 'the object' : `object ${nth + 1}`
    const body = bodyOf(one, where)
    if (!('items' in body)) return [objectOf(body, where)]
    const { kind, items } = body
    if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items))
      throw new NotUnderstood(`${where} has \`items\` and is no list.`)
    onlyListKeys(body, where)
    return items.map((item: Json, place) => {
      const inner = bodyOf(item, `item ${place + 1} of ${where}`)
      if ('items' in inner) throw new NotUnderstood(`item ${place + 1} of ${where} is a list again.`)
      return objectOf(inner, `item ${place + 1} of ${where}`)
    })
  })
  if (objects.length === 0) throw new NotUnderstood('It has no object.')
  if (objects.length > manifestLimits.objects)
    throw new NotUnderstood(
      `It has more than ${manifestLimits.objects} objects: send them in several requests.`,
    )
  return objects
}

function bodyOf(json: Json, where: string): JsonObject {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
  if (!isObject) throw new NotUnderstood(`${where} is not an object of Kubernetes.`)
  return json as JsonObject
}

function onlyListKeys(body: JsonObject, where: string): void {
  const odd = Object.keys(body).find((key) => !['apiVersion', 'kind', 'metadata', 'items'].includes(key))
  if (odd !== undefined) throw new NotUnderstood(`${quoted(odd)} is not known in ${where}.`)
  if (typeof body.apiVersion !== 'string' || !versionForm.test(body.apiVersion))
    throw new NotUnderstood(`${where} has no \`apiVersion\`.`)
}

const versionForm = /^(?:([a-z0-9]+(?:[-.][a-z0-9]+)*)\/)?(v[1-9]\d{0,2}(?:(?:alpha|beta)[1-9]\d{0,2})?)$/
const kindForm = /^[A-Z][A-Za-z0-9]{0,62}$/
const nameForm = /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,252}$/
const namespaceForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

function objectOf(body: JsonObject, where: string): KubernetesObject {
  const { apiVersion, kind } = body
  const version = typeof apiVersion === 'string' ? versionForm.exec(apiVersion) : null
  if (!version) throw new NotUnderstood(`${where} has no \`apiVersion\`.`)
  if (typeof kind !== 'string' || !kindForm.test(kind)) throw new NotUnderstood(`${where} has no \`kind\`.`)
  const metadata = bodyOf(body.metadata ?? null, `\`metadata\` of ${where}`)
  const namespace = metadata.namespace ?? ''
  if (namespace !== '' && !(typeof namespace === 'string' && namespaceForm.test(namespace)))
    throw new NotUnderstood(`${where} has an odd \`namespace\`.`)
  const [, group = '', number = ''] = version
  return { group, version: number, kind, namespace, name: nameOf(metadata, where), body }
}

function nameOf({ name = null, generateName = null }: JsonObject, where: string): string {
  const is = (text: Json): text is string => typeof text === 'string' && nameForm.test(text)
  if (is(name) && (generateName === null || is(generateName))) return name
  if (name === null && is(generateName)) return `${generateName}*`
  throw new NotUnderstood(`${where} has no plain \`name\`.`)
}
