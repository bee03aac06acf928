import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEmail, readEmails } from '../../../src/policy/readers/email.ts'

const understood = [
  ['lee@acme.test', { local: 'lee', domain: 'acme.test', international: false }],
  ['Lee.O-Hara+x@Acme.TEST', { local: 'Lee.O-Hara+x', domain: 'acme.test', international: false }],
  ['a_b@mail.acme.test', { local: 'a_b', domain: 'mail.acme.test', international: false }],
  ["o'neil@acme.test", { local: "o'neil", domain: 'acme.test', international: false }],
  ['lee@xn--80ak6aa92e.com', { local: 'lee', domain: 'xn--80ak6aa92e.com', international: true }],
] as const

const hostile = [
  '',
  'lee',
  '@acme.test',
  'lee@',
  'lee@acme',
  'lee@acme.test.',
  'lee@.test',
  'lee@acme..test',
  'lee@-acme.test',
  'lee@acme_.test',
  'lee@[127.0.0.1]',
  'lee@127.0.0.1',
  'lee@2130706433',
  'lee@acme.0x7f',
  'lee@evil.test@acme.test',
  'lee%evil.test@acme.test',
  'evil.test!lee@acme.test',
  'lee|sh@acme.test',
  '-oQ/tmp@acme.test',
  '.lee@acme.test',
  'lee.@acme.test',
  'l..ee@acme.test',
  '"lee"@acme.test',
  '"lee@evil.test"@acme.test',
  'Lee <lee@acme.test>',
  '<lee@acme.test>',
  'lee@acme.test (Lee)',
  'lee(x)@acme.test',
  'team: lee@acme.test;',
  'lee@acme.test, eve@evil.test',
  'lee@acme.test;eve@evil.test',
  'lee@acme.test eve@evil.test',
  'lee@acme.test\r\nBcc: eve@evil.test',
  'lee@acme.test\n',
  ' lee@acme.test',
  'lee @acme.test',
  'lee@ acme.test',
  'lee@acme.test\0',
  'lee\u200b@acme.test',
  'lee@acme\u3002test',
  'lée@acme.test',
  'lee@äcme.test',
  'lee@аcme.test',
  'lee＠acme.test',
  '=?utf-8?q?lee?=@acme.test',
  '=?utf-8?q?=41?=@acme.test',
  'mailto:lee@acme.test',
  'lee@acme.test?bcc=eve@evil.test',
  `${'a'.repeat(65)}@acme.test`,
  `lee@${'a.'.repeat(130)}test`,
]

test.each(understood)('%s is understood', (text, facts) => {
  expect(readEmail(text)).toEqual({ understood: true, facts })
})

test.each(hostile)('%j is not understood, and makes a list not understood', (text) => {
  expect(readEmail(text)).toMatchObject({ understood: false, why: expect.stringMatching(/^[A-Z].*\.$/) })
  expect(readEmails(['lee@acme.test', text])).toMatchObject({
    understood: false,
    why: expect.stringContaining('Address 2'),
  })
})

describe('a list of addresses', () => {
  test('says how many there are, each of them and each domain once', () => {
    expect(readEmails(['lee@acme.test', 'Bob@ACME.test', 'eve@evil.test'])).toEqual({
      understood: true,
      facts: {
        count: 3,
        addresses: ['lee@acme.test', 'Bob@acme.test', 'eve@evil.test'],
        domains: ['acme.test', 'evil.test'],
        international: false,
      },
    })
  })

  test('that is empty says so', () => {
    expect(readEmails([])).toMatchObject({ understood: true, facts: { count: 0, domains: [] } })
  })

  test('is not understood beyond fifty, or with something else than text in it', () => {
    expect(readEmails(Array(51).fill('lee@acme.test')).understood).toBe(false)
    expect(readEmails(['lee@acme.test', null]).understood).toBe(false)
    expect(readEmails([['lee@acme.test']]).understood).toBe(false)
  })
})

test('whatever is written never throws, and what is understood is one address in one form', () => {
  const piece = fc.constantFrom(
    ...[
      'lee',
      '@',
      '.',
      'acme.test',
      'evil.test',
      '"',
      '(',
      ')',
      '<',
      '>',
      ',',
      ';',
      ':',
      '\\',
      '=?',
      '?=',
      '%',
      '!',
      '-',
    ],
    ...[' ', '\n', '\0', 'ä', '\u200b', '[', ']', '1', 'xn--', '+'],
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  )

  fc.assert(
    fc.property(text, (written) => {
      const reading = readEmail(written)
      if (!reading.understood) return
      const { local, domain } = reading.facts
      expect(written.toLowerCase()).toBe(`${local}@${domain}`.toLowerCase())
      expect(written).toMatch(/^[\x21-\x7e]+$/)
      expect(written.split('@')).toHaveLength(2)
    }),
    { numRuns: 3_000 },
  )
})
