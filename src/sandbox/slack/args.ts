/** The arguments of a Web API call, whichever way they came: a form with JSON inside strings, or a JSON body. */
import { isFields } from './blocks/shape.ts'
import { SlackError, withMessages } from './slackError.ts'

export type Args = Readonly<Record<string, unknown>>

/** Reads a body. Throws `invalid_form_data`, `json_not_object`, `invalid_json`, `invalid_post_type`. */
export function parseArgs(contentType: string | undefined, body: string): Args {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (body === '' || type === '') return {}
  if (type === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body))
  if (type !== 'application/json') throw new SlackError('invalid_post_type')
  const parsed = parseJson(body, 'invalid_json')
  if (!isFields(parsed)) throw new SlackError('json_not_object')
  return parsed
}

/** A text argument; undefined when it is missing or empty. */
export function optionalText(args: Args, key: string): string | undefined {
  const value = args[key]
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A text argument that must be there. Throws `invalid_arguments` naming it. */
export function requiredText(args: Args, key: string): string {
  const value = optionalText(args, key)
  if (value === undefined) throw withMessages('invalid_arguments', [`[ERROR] missing required field: ${key}`])
  return value
}

/** True for `true`, `"true"`, `1` and `"1"`. */
export function flag(args: Args, key: string): boolean {
  return ['true', '1'].includes(String(args[key]))
}

/** A structured argument: already parsed, or JSON in a string. Throws `malformed` when that is not JSON. */
export function structured(args: Args, key: string, malformed: string): unknown {
  const value = args[key]
  if (typeof value !== 'string') return value
  return value === '' ? undefined : parseJson(value, malformed)
}

function parseJson(text: string, malformed: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SlackError(malformed)
  }
}
