import { describe, expect, test } from 'vitest'
import { checkView } from '../../../../src/sandbox/slack/blocks/check.ts'
import { all, home, input, modal, plain, section, textInput, times, x } from './made.ts'

const viewLimits: [limit: string, accepted: unknown, refused: unknown][] = [
  ['title', modal({ title: plain(x(24)) }), modal({ title: plain(x(25)) })],
  ['title is required', modal(), modal({ title: undefined })],
  ['submit', modal({ submit: plain(x(24)) }), modal({ submit: plain(x(25)) })],
  ['close', modal({ close: plain(x(24)) }), modal({ close: plain(x(25)) })],
  ['submit with inputs', modal({ blocks: [input()], submit: plain('Send') }), modal({ blocks: [input()] })],
  ['blocks', modal({ blocks: times(100, () => section()) }), modal({ blocks: times(101, () => section()) })],
  ['private metadata', modal({ private_metadata: x(3000) }), modal({ private_metadata: x(3001) })],
  ['callback id', modal({ callback_id: x(255) }), modal({ callback_id: x(256) })],
  ['a title on Home', home(), home({ title: plain('x') })],
  [
    'blocks on Home',
    home({ blocks: times(100, () => section()) }),
    home({ blocks: times(101, () => section()) }),
  ],
  [
    'number inputs on Home',
    modal({
      submit: plain('Send'),
      blocks: [input({ element: { type: 'number_input', is_decimal_allowed: true } })],
    }),
    home({ blocks: [input({ element: { type: 'number_input', is_decimal_allowed: true } })] }),
  ],
  [
    'alerts',
    modal({ blocks: [{ type: 'alert', text: plain('x') }] }),
    home({ blocks: [{ type: 'alert', text: plain('x') }] }),
  ],
  ['markdown in a modal', modal(), modal({ blocks: [{ type: 'markdown', text: 'x' }] })],
  [
    'one focus',
    modal({ submit: plain('Send'), blocks: [input({ element: textInput({ focus_on_load: true }) })] }),
    modal({
      submit: plain('Send'),
      blocks: times(2, () => input({ element: textInput({ focus_on_load: true }) })),
    }),
  ],
]

describe('a view', () => {
  test.each(viewLimits)('limit: %s', (_limit, accepted, refused) => {
    expect(checkView(accepted, all)).toEqual([])
    expect(checkView(refused, all)).not.toEqual([])
  })
})
