import { configure } from 'safe-stable-stringify'

/** Keys in the order of their UTF-16 code units, no white space; it throws on cycles and on what JSON cannot say, such as NaN. */
const serialize = configure({ deterministic: true, circularValue: Error, strict: true, bigint: false })

/** An escape that only a lone surrogate has: in every other place its backslash is escaped itself. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/

/**
 * RFC 8785 text of a plain JSON value (the tests hold it against a reference implementation of the RFC).
 *
 * @throws on lone surrogates, NaN, cycles, and a value that has no JSON text at all: a bug of the caller
 */
export function canonical(value: object): string {
  const text = serialize(value)
  if (text === undefined) throw new TypeError('value has no canonical JSON form')
  if (text.includes('\\u') && loneSurrogate.test(text)) throw new TypeError('lone surrogate')
  return text
}
