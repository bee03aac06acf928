import type { Json } from '../../../core/json.ts'
import { bool, int, listOf, oneOf, string } from '../../conditions/valueType.ts'
import type { Reader, Reading } from '../reader.ts'
import { longestStatement, wrongWith } from './bounds.ts'
import { kinds, statementIn } from './statement.ts'

/** What PostgreSQL's parser made of a text: its tree, or that it refused it. */
export type Parsed = { readonly tree: Json } | { readonly refused: string }

/**
 * One statement of PostgreSQL (docs/policy.md#sql), by its own parser. `parse` is called only for a text that can do it no harm,
 * and at most once.
 */
export function readSql(text: string, parse: (text: string) => Parsed): Reading {
  const wrong = wrongWith(text)
  return wrong === null ? readingOf(parse(text)) : { understood: false, ...wrong }
}

/** What the parser's answer comes to, for whoever has asked it `wrongWith` comes first. */
export function readingOf(parsed: Parsed): Reading {
  if ('refused' in parsed) return { understood: false, why: parsed.refused }
  const statement = statementIn(parsed.tree)
  if (typeof statement === 'string') return { understood: false, why: statement }
  const { kind, explain, star, where, locks, parameters, limit } = statement
  const { reads, writes, columns, functions, unreviewed } = statement
  return {
    understood: true,
    facts: {
      ...{ kind, explain, star, where, locks, parameters },
      ...(limit !== null && { limit }),
      reads: [...reads],
      writes: [...writes],
      columns: [...columns],
      functions: [...functions],
      unreviewed: [...unreviewed],
    },
  }
}

/** Takes what was read before the request was judged: the parser stands outside, where it can harm nobody. */
export const sqlReader: Reader = {
  accepts: 'string',
  what: 'a statement of PostgreSQL',
  facts: {
    kind: oneOf({ what: 'a kind of statement', values: kinds, code: 'cel/unknown-value' }),
    explain: bool,
    star: bool,
    where: bool,
    locks: bool,
    parameters: bool,
    'limit?': int,
    reads: listOf(string),
    writes: listOf(string),
    columns: listOf(string),
    functions: listOf(string),
    unreviewed: listOf(string),
  },
  most: { text: 130, items: longestStatement / 2 },
  read: (_, __, { earlier }) => earlier ?? { understood: false, why: 'It has not been read.' },
}
