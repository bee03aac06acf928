import { describe, expect, test } from 'vitest'
import { checkMessageBlocks } from '../../../../src/sandbox/slack/blocks/check.ts'
import {
  actions,
  all,
  button,
  confirm,
  input,
  mrkdwn,
  option,
  options,
  plain,
  rich,
  richList,
  section,
  select,
  textInput,
  times,
  x,
} from './made.ts'

/** What Slack takes, and the nearest thing that it does not: each limit from both sides. */
const messageLimits: [limit: string, accepted: unknown[], refused: unknown[]][] = [
  ['blocks in a message', times(50, () => section()), times(51, () => section())],
  ['text of a section', [section({ text: mrkdwn(x(3000)) })], [section({ text: mrkdwn(x(3001)) })]],
  [
    'text counted in code points',
    [section({ text: plain('🙂'.repeat(3000)) })],
    [section({ text: plain('🙂'.repeat(3001)) })],
  ],
  [
    'escaped text counted as sent',
    [section({ text: mrkdwn('&amp;'.repeat(600)) })],
    [section({ text: mrkdwn('&amp;'.repeat(601)) })],
  ],
  ['empty text', [section({ text: plain('x') })], [section({ text: plain('') })]],
  [
    'fields of a section',
    [section({ fields: times(10, () => plain('x')) })],
    [section({ fields: times(11, () => plain('x')) })],
  ],
  ['text of a field', [section({ fields: [plain(x(2000))] })], [section({ fields: [plain(x(2001))] })]],
  ['a section without text and fields', [section()], [section({})]],
  ['a header', [{ type: 'header', text: plain(x(150)) }], [{ type: 'header', text: plain(x(151)) }]],
  ['a header is plain', [{ type: 'header', text: plain('x') }], [{ type: 'header', text: mrkdwn('x') }]],
  [
    'elements of a context',
    [{ type: 'context', elements: times(10, () => mrkdwn('x')) }],
    [{ type: 'context', elements: times(11, () => mrkdwn('x')) }],
  ],
  [
    'elements of actions',
    [actions(...times(25, (i) => button({ action_id: `a${i}` })))],
    [actions(...times(26, (i) => button({ action_id: `a${i}` })))],
  ],
  ['empty actions', [actions(button())], [actions()]],
  [
    'action ids inside a block',
    [actions(button(), button({ action_id: 'b' }))],
    [actions(button(), button())],
  ],
  [
    'block ids in a message',
    [section({ text: plain('x'), block_id: 'a' })],
    times(2, () => section({ text: plain('x'), block_id: 'a' })),
  ],
  [
    'length of a block id',
    [section({ text: plain('x'), block_id: x(255) })],
    [section({ text: plain('x'), block_id: x(256) })],
  ],
  [
    'length of an action id',
    [actions(button({ action_id: x(255) }))],
    [actions(button({ action_id: x(256) }))],
  ],
  ['text of a button', [actions(button({ text: plain(x(75)) }))], [actions(button({ text: plain(x(76)) }))]],
  ['a button’s text is plain', [actions(button())], [actions(button({ text: mrkdwn('x') }))]],
  ['value of a button', [actions(button({ value: x(2000) }))], [actions(button({ value: x(2001) }))]],
  ['url of a button', [actions(button({ url: x(3000) }))], [actions(button({ url: x(3001) }))]],
  ['style of a button', [actions(button({ style: 'danger' }))], [actions(button({ style: 'success' }))]],
  [
    'title of a confirm',
    [actions(button({ confirm: confirm({ title: plain(x(100)) }) }))],
    [actions(button({ confirm: confirm({ title: plain(x(101)) }) }))],
  ],
  [
    'text of a confirm',
    [actions(button({ confirm: confirm({ text: plain(x(300)) }) }))],
    [actions(button({ confirm: confirm({ text: plain(x(301)) }) }))],
  ],
  [
    'buttons of a confirm',
    [actions(button({ confirm: confirm({ confirm: plain(x(30)) }) }))],
    [actions(button({ confirm: confirm({ deny: plain(x(31)) }) }))],
  ],
  [
    'options of an overflow menu',
    [actions({ type: 'overflow', options: options(5) })],
    [actions({ type: 'overflow', options: options(6) })],
  ],
  [
    'options of a select',
    [actions(select({ options: options(100) }))],
    [actions(select({ options: options(101) }))],
  ],
  [
    'a select with options and groups',
    [actions(select({ options: options(1) }))],
    [actions(select({ options: options(1), option_groups: [{ label: plain('g'), options: options(1) }] }))],
  ],
  [
    'text of an option',
    [actions(select({ options: [option({ text: plain(x(75)) })] }))],
    [actions(select({ options: [option({ text: plain(x(76)) })] }))],
  ],
  [
    'value of an option',
    [actions(select({ options: [option({ value: x(150) })] }))],
    [actions(select({ options: [option({ value: x(151) })] }))],
  ],
  [
    'values of options',
    [actions(select({ options: options(2) }))],
    [actions(select({ options: [option(), option()] }))],
  ],
  [
    'url of an option',
    [actions({ type: 'overflow', options: [option({ url: 'https://acme.test' })] })],
    [actions(select({ options: [option({ url: 'https://acme.test' })] }))],
  ],
  [
    'an initial option',
    [actions(select({ options: options(2), initial_option: option({ value: 'v1' }) }))],
    [actions(select({ options: options(2), initial_option: option({ value: 'v2' }) }))],
  ],
  [
    'check boxes',
    [actions({ type: 'checkboxes', options: options(10) })],
    [actions({ type: 'checkboxes', options: options(11) })],
  ],
  [
    'mrkdwn in an option',
    [actions({ type: 'radio_buttons', options: [option({ text: mrkdwn('a') })] })],
    [actions(select({ options: [option({ text: mrkdwn('a') })] }))],
  ],
  [
    'placeholder',
    [actions(select({ options: options(1), placeholder: plain(x(150)) }))],
    [actions(select({ options: options(1), placeholder: plain(x(151)) }))],
  ],
  [
    'an image',
    [{ type: 'image', image_url: 'https://acme.test/x.png', alt_text: 'x' }],
    [{ type: 'image', image_url: 'https://acme.test/x.png' }],
  ],
  [
    'where an image comes from',
    [{ type: 'image', slack_file: { id: 'F1' }, alt_text: 'x' }],
    [{ type: 'image', slack_file: { id: 'F1' }, image_url: 'x', alt_text: 'x' }],
  ],
  ['an input’s element', [input()], [input({ element: button() })]],
  ['an input element outside an input', [input()], [actions(textInput())]],
  [
    'a number input in a message',
    [input()],
    [input({ element: { type: 'number_input', is_decimal_allowed: false } })],
  ],
  [
    'maximum of a text input',
    [input({ element: textInput({ max_length: 3000 }) })],
    [input({ element: textInput({ max_length: 3001 }) })],
  ],
  [
    'minimum of a text input',
    [input({ element: textInput({ min_length: 0 }) })],
    [input({ element: textInput({ min_length: 9, max_length: 8 }) })],
  ],
  [
    'an empty text in rich text',
    [rich({ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] })],
    [rich({ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] })],
  ],
  [
    'mentions in preformatted text',
    [rich({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] })],
    [rich({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] })],
  ],
  ['indent of a list', [richList(8)], [richList(9)]],
  [
    'markdown together',
    times(2, () => ({ type: 'markdown', text: x(6000) })),
    times(2, () => ({ type: 'markdown', text: x(6001) })),
  ],
  [
    'columns of a table',
    [{ type: 'table', rows: times(2, () => times(20, () => ({ type: 'raw_text', text: 'x' }))) }],
    [{ type: 'table', rows: [times(21, () => ({ type: 'raw_text', text: 'x' }))] }],
  ],
  [
    'equal rows of a table',
    [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }],
    [
      {
        type: 'table',
        rows: [[{ type: 'raw_text', text: 'x' }], times(2, () => ({ type: 'raw_text', text: 'x' }))],
      },
    ],
  ],
  ['an alert in a message', [section()], [{ type: 'alert', text: plain('x') }]],
  ['a type that does not exist', [section()], [{ type: 'nope' }]],
  ['a block without a type', [section()], [{ text: plain('x') }]],
  ['a property that does not exist', [section()], [section({ text: plain('x'), colour: 'red' })]],
  [
    'emoji on mrkdwn',
    [section({ text: { ...plain('x'), emoji: true } })],
    [section({ text: { ...mrkdwn('x'), emoji: true } })],
  ],
  ['a property named like a built-in', [section()], [{ type: 'constructor' }]],
]

describe('a message', () => {
  test.each(messageLimits)('limit: %s', (_limit, accepted, refused) => {
    expect(checkMessageBlocks(accepted, all)).toEqual([])
    expect(checkMessageBlocks(refused, all)).not.toEqual([])
  })

  test('blocks of 2025 are unknown where they are not rolled out', () => {
    const markdown = [{ type: 'markdown', text: 'x' }]

    expect(checkMessageBlocks(markdown, all)).toEqual([])
    expect(checkMessageBlocks(markdown, { recentBlocks: false })).toEqual([
      '[ERROR] unsupported type: markdown [json-pointer:/blocks/0/type]',
    ])
  })

  test('every mistake is reported with its place', () => {
    expect(
      checkMessageBlocks([{ type: 'header', text: plain(x(151)), hue: 1 }, { type: 'divider' }, {}], all),
    ).toEqual([
      '[ERROR] invalid additional property: hue [json-pointer:/blocks/0]',
      '[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]',
      '[ERROR] missing required field: type [json-pointer:/blocks/2]',
    ])
  })
})
