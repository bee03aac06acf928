import { textOrComment } from './outline.ts'

/** Where the first comment of a condition begins, in UTF-16 units, or null; `//` in a text is none. */
export function commentIn(source: string): number | null {
  for (const { 0: found, index } of source.matchAll(new RegExp(textOrComment, 'g')))
    if (found.startsWith('//')) return index
  return null
}
