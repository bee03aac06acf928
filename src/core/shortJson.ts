import type { Json } from './json.ts'

/** JSON in one line, cut at so many characters, with every control character and lone surrogate escaped. */
export function shortJson(value: Json, longest: number): string {
  const text = JSON.stringify(value).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
