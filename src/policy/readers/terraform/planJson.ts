import type { Json, JsonObject } from '../../../core/json.ts'
import { Refusal } from '../../../core/refusal.ts'
import { parseStrictJson } from '../../../core/strictJson.ts'
import { NotUnderstood, quoted } from '../notUnderstood.ts'

/** Bounds on a plan: UTF-16 units of its text, changes, and how deep it is nested. */
export const planLimits = { text: 200 * 1024, changes: 5_000, depth: 64 } as const

/**
 * JSON that means the same to every parser. What a program writes in one line is written again and compared, which is quick;
 * anything else is gone through token by token.
 *
 * @throws NotUnderstood
 */
export function planJson(text: string): JsonObject {
  if (text.length > planLimits.text)
    throw new NotUnderstood(
      `It is longer than ${planLimits.text.toLocaleString('en')} characters: plan fewer resources at once, with -target or in smaller stacks.`,
    )
  const value = objectIn(isWrittenBack(text) ?? strict(text))
  if (!value) throw new NotUnderstood('It is not the JSON of a plan.')
  return value
}

/** The value, where writing it gives the very text: then no key stands there twice and no number was rounded. */
function isWrittenBack(text: string): Json | null {
  if (!/^\{[^\s]/.test(text) || /\\u[dD]/.test(text) || !text.isWellFormed()) return null
  try {
    const value = JSON.parse(text) as Json // parsed edge: JSON.parse returns JSON or throws
    return JSON.stringify(value) === text.trimEnd() ? value : null
  } catch {
    return null
  }
}

function strict(text: string): Json {
  const { text: bytes, changes, depth } = planLimits
  try {
    return parseStrictJson(text, { bytes: 4 * bytes, depth, items: changes + 1, text: bytes })
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault
    const [{ pointer, detail } = { pointer: '', detail: '' }] = fault.problems ?? []
    if (fault.code === 'invalid_json') throw new NotUnderstood('It is not JSON.')
    throw new NotUnderstood(`It is not JSON that every parser reads alike: ${pointer || '/'} ${detail}`)
  }
}

export function objectIn(value: Json | undefined): JsonObject | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as JsonObject) : null
}

/** What stands in a plan that was not cut: values, among them those that Terraform calls sensitive, and ways to them. */
const values = new Set(
  `variables planned_values prior_state configuration output_changes resource_drift relevant_attributes checks proposed_unknown
before after after_unknown before_sensitive after_sensitive before_identity after_identity replace_paths generated_config`.split(
    /\s+/,
  ),
)

/** @throws NotUnderstood where an object has another key than these */
export function onlyKeys(object: JsonObject, known: ReadonlySet<string>, where: string): void {
  for (const key of Object.keys(object)) {
    if (known.has(key)) continue
    if (values.has(key))
      throw new NotUnderstood(
        `It still has values (\`${key}\` in ${where}): cut it with jq before you send it, as docs/policy.md#terraform-plans shows.`,
      )
    throw new NotUnderstood(`${quoted(key)} is not known in ${where}.`)
  }
}
