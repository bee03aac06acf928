/**
 * Slack's mrkdwn, read the way Slack reads it: control sequences stand between real `<` and `>`, and what was
 * escaped (`&lt;!channel&gt;`) is text for ever. That is why the page has a reader of its own: the library that
 * draws the other blocks undoes the escapes first, and then shows a mention where Slack shows none.
 */
import { unescapeText } from './shape.ts'

export interface Style {
  readonly bold?: true
  readonly italic?: true
  readonly strike?: true
  readonly code?: true
}

export type Inline =
  | { readonly is: 'text'; readonly text: string; readonly style: Style }
  | { readonly is: 'link'; readonly url: string; readonly label: string; readonly style: Style }
  | {
      readonly is: 'user' | 'usergroup' | 'channel' | 'broadcast'
      readonly id: string
      readonly label: string
    }
  | { readonly is: 'date'; readonly seconds: number; readonly format: string; readonly label: string }
  | { readonly is: 'emoji'; readonly name: string }

/** A run of lines, a quote, or a fenced block; in the order of the text. */
export type Part =
  | { readonly is: 'lines' | 'quote'; readonly inlines: readonly Inline[] }
  | { readonly is: 'fence'; readonly text: string }

/** `verbatim` stops links being made of bare addresses, and nothing else, as in Slack. */
export function parseMrkdwn(text: string, verbatim = false): readonly Part[] {
  return text.split(/```\n?([\s\S]*?)```\n?/).flatMap((piece, index): readonly Part[] => {
    if (index % 2 === 1) return [{ is: 'fence', text: unescapeText(piece.replace(/\n$/, '')) }]
    return piece === '' ? [] : parseLines(piece, verbatim)
  })
}

function parseLines(text: string, verbatim: boolean): readonly Part[] {
  const runs: { quote: boolean; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    // Slack's own client escapes the `>` that people type, so both spellings begin a quote.
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line)
    const last = runs.at(-1)
    if (last && last.quote === (quoted !== null)) last.lines.push(quoted?.[1] ?? line)
    else runs.push({ quote: quoted !== null, lines: [quoted?.[1] ?? line] })
  }
  return runs.map((run) => ({
    is: run.quote ? 'quote' : 'lines',
    inlines: parseInline(run.lines.join('\n'), {}, verbatim),
  }))
}

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const

function parseInline(text: string, style: Style, verbatim: boolean): readonly Inline[] {
  const found: Inline[] = []
  let plainFrom = 0
  let at = 0
  const flush = (to: number) => {
    if (to > plainFrom) found.push({ is: 'text', text: unescapeText(text.slice(plainFrom, to)), style })
  }
  while (at < text.length) {
    const token = tokenAt(text, at, style, verbatim)
    if (!token) {
      at += 1
      continue
    }
    flush(at)
    found.push(...token.inlines)
    at += token.length
    plainFrom = at
  }
  flush(text.length)
  return found
}

interface Token {
  readonly length: number
  readonly inlines: readonly Inline[]
}

function tokenAt(text: string, at: number, style: Style, verbatim: boolean): Token | null {
  const char = text[at] ?? ''
  if (char === '<') return angle(text, at, style)
  if (char === '`') return code(text, at, style)
  if (char === ':') return emoji(text, at)
  if (char === 'h' && !verbatim) return bareLink(text, at, style)
  if (char === '*' || char === '_' || char === '~') return marked(text, at, style, verbatim)
  return null
}

function angle(text: string, at: number, style: Style): Token | null {
  const match = sticky(/<([^<>\n]+)>/y, text, at)
  if (!match?.[1]) return null
  const [target = '', ...rest] = match[1].split('|')
  const label = unescapeText(rest.join('|'))
  return { length: match[0].length, inlines: [control(target, label, style)] }
}

function control(target: string, label: string, style: Style): Inline {
  if (target.startsWith('@')) return { is: 'user', id: target.slice(1), label }
  if (target.startsWith('#')) return { is: 'channel', id: target.slice(1), label }
  if (target.startsWith('!subteam^')) return { is: 'usergroup', id: target.slice(9), label }
  if (target.startsWith('!date^')) {
    const [, seconds = '', format = ''] = target.split('^')
    return { is: 'date', seconds: Number.parseInt(seconds, 10), format, label }
  }
  if (target.startsWith('!')) return { is: 'broadcast', id: target.slice(1), label }
  return { is: 'link', url: unescapeText(target), label: label || unescapeText(target), style }
}

function code(text: string, at: number, style: Style): Token | null {
  const match = sticky(/`([^`\n]+)`/y, text, at)
  if (!match?.[1]) return null
  return {
    length: match[0].length,
    inlines: [{ is: 'text', text: unescapeText(match[1]), style: { ...style, code: true } }],
  }
}

function emoji(text: string, at: number): Token | null {
  const match = sticky(/:([a-z0-9_+'-]+):/y, text, at)
  return match?.[1] ? { length: match[0].length, inlines: [{ is: 'emoji', name: match[1] }] } : null
}

function bareLink(text: string, at: number, style: Style): Token | null {
  const match = sticky(/https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"]/y, text, at)
  if (!match) return null
  const url = unescapeText(match[0])
  return { length: match[0].length, inlines: [{ is: 'link', url, label: url, style }] }
}

/** `*bold*` and its relatives: closed on the same line, not inside a word, nothing blank at the edges. */
function marked(text: string, at: number, style: Style, verbatim: boolean): Token | null {
  const mark = text[at]
  if (mark !== '*' && mark !== '_' && mark !== '~') return null
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return null
  const match = sticky(new RegExp(`[${mark}](\\S|\\S[^\\n]*?\\S)[${mark}](?![\\p{L}\\p{N}])`, 'uy'), text, at)
  const inner = match?.[1]
  if (!match || !inner || inner === mark) return null
  return { length: match[0].length, inlines: parseInline(inner, { ...style, [marks[mark]]: true }, verbatim) }
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
