import type { Text } from './span.ts'

/** A piece of what is told, on lines of its own. */
export type Passage =
  | { readonly line: Text }
  /** Said beside it, smaller. */
  | { readonly note: Text }
  /** Where something stands, or which it is: our words, an id, a page; smaller. */
  | { readonly aside: string }
  /** Several things said beside each other, in the same way. Never empty. */
  | { readonly notes: readonly Text[] }
  /** What will happen and how bad it can be, line by line (consequence.ts). Never empty. */
  | { readonly consequence: readonly Text[] }
  /** Laid out in narrow lines, revealed: nothing in them may be parsed. Never empty. */
  | { readonly lines: readonly string[] }
  /** Somebody else's words, revealed and cut: nothing in them may be parsed. Never empty. */
  | { readonly quote: string }
