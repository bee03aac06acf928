import fc from 'fast-check'
import type { Json } from '../../src/core/json.ts'
import { anything } from './anything.ts'

/** Texts that begin, end and break like what stands around them. */
const likeOurs = fc
  .array(
    fc.constantFrom(
      '│ ',
      '┆ ',
      '\n',
      ' ',
      'text, 2 lines',
      'a: ',
      '"',
      '\\n',
      '[U+202E]',
      '\u202e',
      'SELECT a,',
      '\t',
      ' '.repeat(13),
      ',',
      ']',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
const value = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    likeOurs,
    anything,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(likeOurs, tie('json'), { maxKeys: 3 }),
  ),
})).json
/** Parameters of whatever shape, whose names and texts look like ours. */
export const params = fc.dictionary(fc.oneof(likeOurs, fc.constantFrom('sql', 'note')), value, { maxKeys: 3 })
