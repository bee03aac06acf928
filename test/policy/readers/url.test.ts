import { parse } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUrl } from '../../../src/policy/readers/url.ts'

const plain = { address: false, international: false, query: '', credentials: false }

const understood: readonly (readonly [string, object])[] = [
  ['https://example.com', { scheme: 'https', host: 'example.com', port: 443, path: '/', ...plain }],
  [
    'HTTP://Example.COM:8080/A/b?x=1#f',
    { scheme: 'http', host: 'example.com', port: 8080, path: '/A/b', ...plain, query: 'x=1' },
  ],
  ['https://a.example/%c3%a4', { scheme: 'https', host: 'a.example', port: 443, path: '/%C3%A4', ...plain }],
  [
    'https://lee:s3cret@example.com/',
    { scheme: 'https', host: 'example.com', port: 443, path: '/', ...plain, credentials: true },
  ],
  ['http://127.0.0.1/', { scheme: 'http', host: '127.0.0.1', port: 80, path: '/', ...plain, address: true }],
  [
    'https://[::1]:8443/x',
    { scheme: 'https', host: '[::1]', port: 8443, path: '/x', ...plain, address: true },
  ],
  [
    'https://xn--80ak6aa92e.com/',
    { scheme: 'https', host: 'xn--80ak6aa92e.com', port: 443, path: '/', ...plain, international: true },
  ],
  [
    's3://acme-lake-in/churn/1.csv',
    { scheme: 's3', host: 'acme-lake-in', port: 0, path: '/churn/1.csv', ...plain },
  ],
  [
    'https://a.test/@types/node',
    { scheme: 'https', host: 'a.test', port: 443, path: '/@types/node', ...plain },
  ],
  [
    'postgres://db.acme.test/app?sslmode=require&schema=public',
    {
      ...{ scheme: 'postgres', host: 'db.acme.test', port: 5432, path: '/app', ...plain },
      query: 'sslmode=require&schema=public',
    },
  ],
  [
    'redis://cache.acme.test/0',
    { scheme: 'redis', host: 'cache.acme.test', port: 6379, path: '/0', ...plain },
  ],
]

const hostile = [
  '',
  'example.com',
  '/path',
  '//example.com/',
  'mailto:lee@acme.test',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'gopher://example.com/',
  'http:evil.test',
  'https:/evil.test',
  'https:///evil.test',
  'https:\\\\evil.test',
  'https://good.test\\@evil.test/',
  'https://good.test\\.evil.test/',
  'https://good.test@evil.test@worse.test/',
  'https://good.test:80@evil.test:80@worse.test/',
  'https://@evil.test/',
  'https://good.test?@evil.test/',
  'https://good.test#@evil.test/',
  'https://good.test;evil.test/',
  'https://good.test&evil.test/',
  'https://good.test%2eevil.test/',
  'https://good.test%00.evil.test/',
  'https://good.test%09.evil.test/',
  'https://good\t.test/',
  'https://good\n.test/',
  ' https://good.test/',
  'https://good.test/ ',
  'https://good.test /',
  'https://good.test./',
  'https://good..test/',
  'https://-good.test/',
  'https://good_.test/',
  'https://gööd.test/',
  'https://good。test/',
  'https://ⓔxample.test/',
  'https://xn--a.test/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://127.0.0.256/',
  'https://127.0.0.1.5/',
  'https://1.2.3.09/',
  'https://[::1/',
  'https://[fe80::1%25eth0]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[v1.x]/',
  'https://good.test:/',
  'https://good.test:0/',
  'https://good.test:080/',
  'https://good.test:65536/',
  'https://good.test:80a/',
  'https://good.test:80:81/',
  'https://good.test/../etc',
  'https://good.test/a/./b',
  'https://good.test/a//b',
  'https://good.test/%2e%2e/b',
  'https://good.test/a%2fb',
  'https://good.test/a%5cb',
  'https://good.test/a%00',
  'https://good.test/%61dmin',
  'https://good.test/%252e',
  'https://good.test/%',
  'https://good.test/%zz',
  'https://good.test/admin;x=1/y',
  'https://good.test/a|b',
  'https://good.test/a"b',
  'https://good.test/{a,b}',
  'https://good.test/[1-9]',
  'S3://Bucket/x',
  's3://my_bucket/x',
  's3://bucket/x?y',
  's3://bucket/x#y',
  's3://bucket/%41',
  's3://bucket/%20x',
  's3://key:secret@bucket/x',
  's3://bucket:80/x',
  // What PostgreSQL's and Redis' clients take from the query.
  'postgres://good.test/app?host=evil.test',
  'postgresql://good.test/app?host=/tmp',
  'postgresql://good.test/app?sslmode=require&hostaddr=192.0.2.1',
  'postgresql://good.test/app?HOST=evil.test',
  'postgresql://good.test/app?port=6432',
  'postgresql://good.test/app?dbname=other',
  'postgresql://good.test/app?service=evil',
  'postgresql://good.test/app?options=-csearch_path=evil',
  'postgresql://good.test/app?sslmode=require;host=evil.test',
  'postgresql://good.test/app?sslmode',
  'redis://good.test/0?path=/tmp/evil.sock',
  'rediss://good.test/?host=evil.test',
  'ssh://-oProxyCommand=evil@good.test/x',
  `https://good.test/${'a'.repeat(2_048)}`,
]

test.each(understood)('%s is understood', (text, facts) => {
  expect(readUrl(text)).toEqual({ understood: true, facts })
})

test.each(hostile)('%j is not understood, and it says why', (text) => {
  expect(readUrl(text)).toMatchObject({ understood: false, why: expect.stringMatching(/^[A-Z].*\.$/) })
})

describe('whatever is written', () => {
  const piece = fc.constantFrom(
    ...[
      'http',
      'https',
      's3',
      ':',
      '/',
      '//',
      '\\',
      '@',
      '?',
      '#',
      ';',
      '.',
      '..',
      '%2f',
      '%2E',
      '%',
      '[',
      ']',
      '::1',
    ],
    ...[
      'good.test',
      'evil.test',
      '127.0.0.1',
      '0x7f',
      '1',
      '08',
      'xn--',
      'ä',
      '。',
      '\t',
      '\n',
      ' ',
      '\0',
      '-',
      '_',
      ':80',
      'a',
      'A',
    ],
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 10 }).map((pieces) => `https://${pieces.join('')}`),
    fc.string({ unit: 'binary' }),
  )

  test('it never throws, and means the same to three parsers where it is understood', () => {
    fc.assert(
      fc.property(text, (written) => {
        const reading = readUrl(written)
        if (!reading.understood) return
        const { scheme, host, port, path, credentials } = reading.facts
        const { protocol, hostname, username, port: written_ } = new URL(written)
        const legacy = parse(written)
        const generic = /^([^:/?#]+):\/\/([^/?#]*)([^?#]*)/.exec(written) // RFC 3986, appendix B
        expect([protocol, hostname]).toEqual([`${scheme}:`, host])
        expect([legacy.protocol, legacy.hostname]).toEqual([`${scheme}:`, `${host}`.replace(/^\[|\]$/g, '')])
        expect(generic?.[2]?.toLowerCase().replace(/^.*@/, '').replace(/:\d+$/, '')).toBe(host)
        expect(written_ === '' ? port : Number(written_)).toBe(port)
        expect(username !== '').toBe(credentials)
        expect(generic?.[3] || '/').toEqual(expect.stringMatching(new RegExp(`^.{${`${path}`.length}}$`)))
      }),
      { numRuns: 5_000 },
    )
  })

  test('steps grow with the length and no faster: the longest texts are refused before they are parsed', () => {
    for (const part of ['a', '/', '@', ':', '%41', '[', '.'])
      expect(readUrl(`https://${part.repeat(1_000_000)}`).understood).toBe(false)
  })
})
