import type { KnownBlock } from '@slack/types'

/** How many characters a phone shows on a line, and lines before one has to scroll (`docs/slack.md`). */
export const phone = { columns: 40, lines: 12 } as const

/** The text of a message as a phone breaks it: each block begins a line, and so does each element beside another. */
export function linesOf(blocks: readonly KnownBlock[], columns: number = phone.columns): readonly string[] {
  return blocks.flatMap(textsIn).flatMap((text) => text.split('\n').flatMap((line) => broken(line, columns)))
}

/** What stands there before one scrolls, in one line. */
export function firstScreen(blocks: readonly KnownBlock[]): string {
  return linesOf(blocks).slice(0, phone.lines).join(' ').replace(/ +/g, ' ')
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'confirm' || key === 'options') return []
    return key === 'text' && typeof item === 'string' ? [asShown(item)] : textsIn(item)
  })
}

/** Moments and groups as they are drawn, entities as the characters they are. */
function asShown(text: string): string {
  return text
    .replaceAll(':warning:', '⚠')
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!subteam\^(\w+)>/g, '@$1')
    .replace(/<@(\w+)>/g, '@$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

function broken(line: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (let rest = [...line]; rest.length > 0; ) {
    const end = rest.length <= columns ? -1 : rest.slice(0, columns + 1).lastIndexOf(' ')
    const at = rest.length <= columns ? rest.length : end > 0 ? end : columns
    lines.push(rest.slice(0, at).join('').trimEnd())
    rest = rest.slice(rest[at] === ' ' ? at + 1 : at)
  }
  return lines
}

/** What stands on the first screen, a paragraph each; the last one as far as it is seen. */
export function firstParagraphs(blocks: readonly KnownBlock[]): readonly string[] {
  let left: number = phone.lines
  return blocks.flatMap(textsIn).flatMap((text) =>
    text.split('\n').flatMap((paragraph) => {
      const lines = broken(paragraph, phone.columns).slice(0, left)
      left -= lines.length
      return lines.length > 0 ? [lines.join(' ').replace(/ +/g, ' ')] : []
    }),
  )
}

/** Our marks among them, each with what it marks. */
export function marksIn(paragraphs: readonly string[]): readonly string[] {
  return paragraphs.flatMap((paragraph) =>
    paragraph.split(' · ').flatMap((piece) => {
      const at = piece.indexOf('⚠')
      return at < 0 ? [] : [piece.slice(at)]
    }),
  )
}
