import { createHash } from 'node:crypto'
import serialize from 'canonicalize'
import type { Digest } from './action.ts'

/**
 * RFC 8785 text of a plain JSON value. `canonicalize` throws on lone surrogates, NaN and cycles; a value that has no
 * JSON text at all (undefined, a function) is a bug of the caller and throws here.
 */
export function canonical(value: object): string {
  const text = serialize(value)
  if (text === undefined) throw new TypeError('value has no canonical JSON form')
  return text
}

/** SHA-256 over the canonical form with the type inside, so that two kinds of thing can never share a digest. */
export function digestOf(type: `countersign/${string}`, value: object): Digest {
  return `sha256:${createHash('sha256')
    .update(canonical({ '@type': type, ...value }))
    .digest('hex')}`
}
