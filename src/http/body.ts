import type { z } from 'zod'
import { type Json, pointerTo } from '../core/json.ts'
import { type Problem, Refusal } from '../core/refusal.ts'
import { parseStrictJson } from '../core/strictJson.ts'
import { type Call, headerOf } from './call.ts'
import { problemsIn } from './shape.ts'

const jsonInUtf8 = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/** A byte order mark stays in the text and is refused as what it is: not JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The body of a call as JSON that means the same to every reader.
 *
 * @throws Refusal `unsupported_media_type`, `invalid_json`, `ambiguous_json`, `too_deep`, `too_large`, `invalid_request`
 */
export function readBody(call: Call): Json {
  if (!jsonInUtf8.test(headerOf(call, 'content-type') ?? '')) {
    throw new Refusal('unsupported_media_type', 'a body that is not application/json')
  }
  const text = textOf(call.body)
  const body = parseStrictJson(text)
  // Only an escape can make the character, so a text without one needs no walk.
  if (/\\u0000/.test(text)) refuseNul(body)
  return body
}

/** The body of a call that takes none: nothing, or the empty object that many clients send. @throws Refusal as `readBody` */
export function expectNoBody(call: Call): void {
  if (call.body.length === 0) return
  const body = readBody(call)
  const extra = body !== null && typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : null
  if (extra?.length === 0) return
  const places = (extra ?? []).map((key) => ({
    pointer: pointerTo('', key),
    detail: 'This call takes no properties.',
  }))
  throw new Refusal('invalid_request', 'a body where none is taken', [
    ...(places.length > 0 ? places : [{ pointer: '', detail: 'This call takes no body.' }]),
  ])
}

/** A body in the shape of a schema, with all that does not fit at once. @throws Refusal `invalid_request` */
export function shaped<T>(schema: z.ZodType<T>, body: Json): T {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  throw new Refusal('invalid_request', 'a body of another shape', problemsIn(result.error.issues, schema))
}

function textOf(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch {
    throw new Refusal('invalid_json', 'a body that is not UTF-8', [
      { pointer: '', detail: 'The body is not valid UTF-8.' },
    ])
  }
}

/** PostgreSQL has no place for U+0000, so what holds it could not be recorded as it was asked. Depth is bounded by the parser. */
function refuseNul(value: Json, pointer = ''): void {
  const place: Problem = { pointer, detail: 'The character U+0000 cannot be recorded.' }
  if (typeof value === 'string' && value.includes('\0'))
    throw new Refusal('invalid_request', 'U+0000 in a body', [place])
  if (value === null || typeof value !== 'object') return
  for (const [key, inner] of Object.entries(value)) {
    if (key.includes('\0')) throw new Refusal('invalid_request', 'U+0000 in a key', [place])
    refuseNul(inner, pointerTo(pointer, key))
  }
}
