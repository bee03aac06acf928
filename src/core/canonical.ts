import serialize from 'canonicalize'

/**
 * RFC 8785 text of a plain JSON value. `canonicalize` throws on lone surrogates, NaN and cycles; a value that has no
 * JSON text at all (undefined, a function) is a bug of the caller and throws here.
 */
export function canonical(value: object): string {
  const text = serialize(value)
  if (text === undefined) throw new TypeError('value has no canonical JSON form')
  return text
}
