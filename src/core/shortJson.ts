import type { Json } from './json.ts'
import { escapeHidden } from './visible.ts'

/** JSON in one line, cut at so many characters, with everything that cannot be seen escaped. */
export function shortJson(value: Json, longest: number): string {
  const text = escapeHidden(JSON.stringify(value))
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
