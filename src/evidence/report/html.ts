import { escapeHidden } from '../../core/visible.ts'

const markup: unique symbol = Symbol('markup')

/** Text of HTML. Only `html` makes it, so what came from outside is never mistaken for it. */
export interface Html {
  readonly [markup]: string
}

export type Piece = Html | string | number | null | readonly Piece[]

/** HTML with pieces put in: whatever is not HTML itself is escaped, for content and for attributes in quotes. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { [markup]: String.raw({ raw: strings }, ...pieces.map(written)) }
}

/** What is HTML by our own making, such as a style sheet: never anything from the record. */
export function trusted(text: string): Html {
  return { [markup]: text }
}

export function textOf(piece: Html): string {
  return piece[markup]
}

/**
 * Somebody else's word: what cannot be seen is written out, and it cannot turn the text around it, whichever way it is written. Nothing
 * when there is none.
 */
export function theirs(text: string | null): Html {
  return text === null ? html`` : html`<bdi>${text}</bdi>`
}

/** An id or a name of a machine. */
export function code(text: string): Html {
  return html`<code>${text}</code>`
}

function written(piece: Piece): string {
  if (piece === null) return ''
  if (typeof piece === 'number') return String(piece)
  if (typeof piece === 'string') return escaped(piece)
  return markup in piece ? piece[markup] : piece.map(written).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return escapeHidden(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
