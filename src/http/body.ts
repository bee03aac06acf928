import { z } from 'zod'
import { type Json, pointerTo } from '../core/json.ts'
import { didYouMean } from '../core/nearest.ts'
import { type Problem, Refusal } from '../core/refusal.ts'
import { parseStrictJson } from '../core/strictJson.ts'
import { headerOf, type ReceivedCall } from './call.ts'
import { RefusalWithHeaders } from './refusalWithHeaders.ts'

type Sent = Pick<ReceivedCall, 'headers' | 'body'>

const jsonInUtf8 = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/** A byte order mark stays in the text and is refused as what it is: not JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The body of a call as JSON that means the same to every reader.
 *
 * @throws Refusal `unsupported_media_type`, `invalid_json`, `ambiguous_json`, `too_deep`, `too_large`, `invalid_request`
 */
export function readBody(call: Sent): Json {
  refuseCoded(call)
  if (!jsonInUtf8.test(headerOf(call, 'content-type') ?? ''))
    throw new RefusalWithHeaders('unsupported_media_type', 'a body that is not application/json', {
      headers: { accept: 'application/json' },
    })
  const text = textOf(call.body)
  const body = parseStrictJson(text)
  // Only an escape can make the character, so a text without one needs no walk.
  if (/\\u0000/.test(text)) refuseNul(body)
  return body
}

/**
 * A compressed body is not opened: what is signed, limited and read are the same bytes. The answer says what is taken
 * (RFC 7694, 3). @throws Refusal `unsupported_media_type`
 */
function refuseCoded(call: Sent): void {
  const coding = headerOf(call, 'content-encoding')?.trim().toLowerCase()
  if (coding === undefined || coding === '' || coding === 'identity') return
  const detail = 'Send the body as it is, without Content-Encoding.'
  throw new RefusalWithHeaders('unsupported_media_type', 'a body with a content coding', {
    headers: { 'accept-encoding': 'identity' },
    problems: [{ pointer: '', detail }],
  })
}

const form = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i

/**
 * A form, as OAuth has them: each field once. @throws Refusal `unsupported_media_type`, `invalid_json` when it is not UTF-8,
 * `invalid_request` for a field that stands there twice
 */
export function readForm(call: Sent): ReadonlyMap<string, string> {
  refuseCoded(call)
  if (!form.test(headerOf(call, 'content-type') ?? ''))
    throw new RefusalWithHeaders('unsupported_media_type', 'a body that is no form', {
      headers: { accept: 'application/x-www-form-urlencoded' },
      problems: [{ pointer: '', detail: 'Send the body as application/x-www-form-urlencoded.' }],
    })
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(textOf(call.body))) {
    if (fields.has(name))
      throw new Refusal('invalid_request', 'a field of a form that stands there twice', [
        { pointer: '', detail: 'Send each field once.' },
      ])
    fields.set(name, value)
  }
  return fields
}

/** The body of a call that takes none: nothing, or the empty object that many clients send. @throws Refusal as `readBody` */
export function expectNoBody(call: Sent): void {
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

/** More would not help anybody. */
const mostProblems = 20

/** What zod found (with `reportInput`), as places and sentences. Sentences never repeat a value that was sent. */
function problemsIn(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, schema)).slice(0, mostProblems)
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): readonly Problem[] {
  const pointer = issue.path.reduce<string>((parent, step) => pointerTo(parent, String(step)), '')
  if (issue.code !== 'unrecognized_keys') return [{ pointer, detail: sentenceOf(issue) }]
  const known = keysAt(schema, issue.path)
  return issue.keys.map((key) => ({
    pointer: pointerTo(pointer, key),
    detail: `There is no such property.${didYouMean(key, known)}`,
  }))
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'This is required.'
    return `This must be ${kinds[issue.expected] ?? issue.expected}.`
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'array'
      ? `At most ${issue.maximum} items.`
      : `At most ${issue.maximum} characters.`
  }
  if (issue.code === 'too_small') return 'This must not be empty.'
  return issue.message
}

/** The property names that the schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [step, ...rest] = path
  const bare = unwrapped(schema)
  if (bare instanceof z.ZodArray && step !== undefined) return keysAt(elementOf(bare), rest)
  if (!(bare instanceof z.ZodObject)) return []
  if (step === undefined) return Object.keys(bare.shape)
  const inner: unknown = bare.shape[String(step)]
  return inner instanceof z.ZodType ? keysAt(inner, rest) : []
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodOptional) && !(schema instanceof z.ZodDefault)) return schema
  const inner: unknown = schema.unwrap()
  return inner instanceof z.ZodType ? unwrapped(inner) : schema
}

function elementOf(list: z.ZodArray): z.ZodType {
  const element: unknown = list.element
  return element instanceof z.ZodType ? element : list
}
