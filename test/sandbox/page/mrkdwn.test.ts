import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Inline, parseMrkdwn } from '../../../src/sandbox/page/blocks/mrkdwn.ts'

const inlines = (text: string, verbatim = false): readonly Inline[] => {
  const [part] = parseMrkdwn(text, verbatim)
  return part && part.is !== 'fence' ? part.inlines : []
}
const plain = (text: string) => ({ is: 'text', text, style: {} })

test('an escaped mention is text and no mention', () => {
  expect(inlines('&lt;!channel&gt; &lt;@U0BOB&gt;')).toEqual([plain('<!channel> <@U0BOB>')])
})

test('entities are undone once, so that an escaped ampersand does not become something else', () => {
  expect(inlines('&amp;lt;@U0BOB&amp;gt;')).toEqual([plain('&lt;@U0BOB&gt;')])
})

test('real control sequences become mentions, dates and links', () => {
  expect(inlines('<@U0BOB>')).toEqual([{ is: 'user', id: 'U0BOB', label: '' }])
  expect(inlines('<!subteam^S0SEC|@security>')).toEqual([
    { is: 'usergroup', id: 'S0SEC', label: '@security' },
  ])
  expect(inlines('<#C0DATA|data>')).toEqual([{ is: 'channel', id: 'C0DATA', label: 'data' }])
  expect(inlines('<!here>')).toEqual([{ is: 'broadcast', id: 'here', label: '' }])
  expect(inlines('<!date^1764000000^{time}|14:45>')).toEqual([
    { is: 'date', seconds: 1_764_000_000, format: '{time}', label: '14:45' },
  ])
  expect(inlines('<https://a.test/?x=1&amp;y=2|here>')).toEqual([
    { is: 'link', url: 'https://a.test/?x=1&y=2', label: 'here', style: {} },
  ])
})

test('styles nest, and stay inside words and blanks as they are', () => {
  expect(inlines('*bold _both_*')).toEqual([
    { is: 'text', text: 'bold ', style: { bold: true } },
    { is: 'text', text: 'both', style: { bold: true, italic: true } },
  ])
  expect(inlines('snake_case_name 2*3*4 * not bold *')).toEqual([plain('snake_case_name 2*3*4 * not bold *')])
  expect(inlines('~gone~')).toEqual([{ is: 'text', text: 'gone', style: { strike: true } }])
})

test('nothing is markup inside code', () => {
  expect(inlines('`*a* &lt;b&gt;`')).toEqual([{ is: 'text', text: '*a* <b>', style: { code: true } }])
  expect(parseMrkdwn('```\n*a*\n&gt; b\n```')).toEqual([{ is: 'fence', text: '*a*\n> b' }])
})

test('bare addresses become links unless the text is verbatim', () => {
  expect(inlines('see https://a.test/x.')).toEqual([
    plain('see '),
    { is: 'link', url: 'https://a.test/x', label: 'https://a.test/x', style: {} },
    plain('.'),
  ])
  expect(inlines('see https://a.test/x.', true)).toEqual([plain('see https://a.test/x.')])
})

test('a line that begins with an escaped > is a quote, because that is how Slack treats what people type', () => {
  expect(parseMrkdwn('a\n&gt; b\n&gt; c').map((part) => part.is)).toEqual(['lines', 'quote'])
})

test('whatever is escaped is shown as the characters it was, and nothing of it becomes a control sequence', () => {
  const escapeText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

  fc.assert(
    fc.property(fc.stringMatching(/^[<>&@!#|^A-Z0-9 a-z;]{0,60}$/), (text) => {
      const parts = parseMrkdwn(`x${escapeText(text)}`, true)

      const shown = parts.flatMap((part) => (part.is === 'fence' ? [] : part.inlines))
      expect(shown.map((inline) => (inline.is === 'text' ? inline.text : '?')).join('')).toBe(`x${text}`)
    }),
  )
})
