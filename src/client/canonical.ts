import { createHash } from 'node:crypto'
import { CountersignError } from './countersignError.ts'
import type { Action, Digest, Json } from './wire.ts'

/** As deep as the server reads. */
const deepest = 32

/**
 * A frozen copy of plain JSON: what was looked at is what runs, whoever changes the original meanwhile. Properties that are
 * undefined are left out, as JSON does.
 *
 * @throws CountersignError `not_plain` for what JSON cannot carry unchanged; the message names the place, never a value
 */
export function plainCopy(value: unknown, pointer = ''): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value // there is no -0 in JCS
  if (typeof value === 'string' && value.isWellFormed()) return value
  if (typeof value !== 'object' || pointer.split('/').length > deepest) throw notPlain(pointer)
  if (Array.isArray(value))
    return Object.freeze(Array.from(value, (one, index) => plainCopy(one, `${pointer}/${index}`)))
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw notPlain(pointer)
  return Object.freeze(Object.fromEntries(Object.entries(value).flatMap((entry) => copied(entry, pointer))))
}

function copied([key, value]: readonly [string, unknown], pointer: string): readonly [string, Json][] {
  const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
  if (key === '__proto__' || !key.isWellFormed()) throw notPlain(pointer)
  return value === undefined ? [] : [[key, plainCopy(value, place)]]
}

function notPlain(pointer: string): CountersignError {
  return new CountersignError('not_plain', `Not plain JSON, or nested too deeply, at "${pointer}".`)
}

/** The RFC 8785 text of plain JSON: keys in the order of their UTF-16 code units, no white space. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value) // its own signature does not take readonly lists away from the rest
}

/**
 * The fingerprint of an action (docs/formats.md#digests): equal for two actions exactly when all four fields are.
 *
 * @throws CountersignError `not_plain`
 */
export function digestAction({ action, resource, params = {}, environment }: Action): Digest {
  const { type, id } = resource
  return digestOf('countersign/action/v1', { action, resource: { type, id }, params, environment })
}

/** Of what came out of an execution, or null for what is no plain JSON, such as a stream. */
export function digestResult(result: unknown): Digest | null {
  try {
    return digestOf('countersign/result/v1', { result: plainCopy(result) })
  } catch {
    return null
  }
}

/** The type stands inside, so that two kinds of thing never share a digest. */
export function digestOf(type: `countersign/${string}`, value: { readonly [key: string]: unknown }): Digest {
  const text = canonical(plainCopy({ '@type': type, ...value }))
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
