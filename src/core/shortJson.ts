import type { Json } from './json.ts'
import { unseen } from './visible.ts'

const hidden = new RegExp(`[${unseen}\\p{Zl}\\p{Zp}\\p{Cc}]`, 'gu')

/** JSON in one line, cut at so many characters, with everything that cannot be seen escaped. */
export function shortJson(value: Json, longest: number): string {
  const text = JSON.stringify(value).replace(hidden, escaped)
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

/** As JSON writes it: each half of a character outside the basic plane by itself. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
