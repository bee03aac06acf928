import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPath } from '../../../src/policy/readers/path.ts'

const roots = ['/srv/app', '/srv/app/logs', '/home/lee']

const understood = [
  ['/', { path: '/', root: '', name: '', hidden: false }],
  ['/etc/passwd', { path: '/etc/passwd', root: '', name: 'passwd', hidden: false }],
  ['/srv/app', { path: '/srv/app', root: '/srv/app', name: 'app', hidden: false }],
  ['/srv/app/', { path: '/srv/app', root: '/srv/app', name: 'app', hidden: false }],
  ['/srv/app/a b.txt', { path: '/srv/app/a b.txt', root: '/srv/app', name: 'a b.txt', hidden: false }],
  ['/srv/app/logs/x', { path: '/srv/app/logs/x', root: '/srv/app/logs', name: 'x', hidden: false }],
  ['/srv/application/x', { path: '/srv/application/x', root: '', name: 'x', hidden: false }],
  ['/home/lee/.ssh/id', { path: '/home/lee/.ssh/id', root: '/home/lee', name: 'id', hidden: true }],
] as const

const hostile = [
  '',
  'x',
  './x',
  '../x',
  '~',
  '~/x',
  '~root/x',
  'file:///etc/passwd',
  'C:\\x',
  '\\srv\\app',
  '//srv/app/x',
  '/srv//app/x',
  '/srv/app//',
  '/srv/app/../../etc/passwd',
  '/srv/app/..',
  '/srv/app/./x',
  '/srv/app/.',
  '/srv/app/%2e%2e/x',
  '/srv/app/$HOME',
  '/srv/app/$(id)',
  '/srv/app/`id`',
  '/srv/app/*',
  '/srv/app/?',
  '/srv/app/[a]',
  '/srv/app/{a,b}',
  '/srv/app/!x',
  '/srv/app/x\0.txt',
  '/srv/app/x\n',
  '/srv/app/ x',
  '/srv/app/x ',
  '/srv/app/"x"',
  "/srv/app/'x'",
  '/srv/app/x;id',
  '/srv/app/x|id',
  '/srv/app/x>y',
  '/srv/app/a:b',
  '/srv/app/ä',
  '/srv/app/x\u200b',
  '/srv/app/x\u202ey',
  '/proc/self/root/etc/shadow',
  '/proc',
  '/dev/fd/3',
  `/${'a/'.repeat(2_100)}`,
]

test.each(understood)('%s is understood', (text, facts) => {
  expect(readPath(text, roots)).toEqual({ understood: true, facts })
})

test.each(hostile)('%j is not understood, and it says why', (text) => {
  expect(readPath(text, roots)).toMatchObject({
    understood: false,
    why: expect.stringMatching(/^[A-Z].*\.$/),
  })
})

describe('whatever is written', () => {
  const piece = fc.constantFrom(
    ...[
      '/',
      '//',
      '.',
      '..',
      '~',
      '$',
      '*',
      'srv',
      'app',
      'logs',
      'etc',
      ' ',
      '\0',
      '\n',
      '\\',
      'ä',
      '%2e',
      '-',
      'proc',
    ],
  )
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => `/srv/app${pieces.join('')}`)

  test('it never throws, and is inside a root exactly when the file system would say so', () => {
    fc.assert(
      fc.property(text, (written) => {
        const reading = readPath(written, roots)
        if (!reading.understood) return
        const { path, root } = reading.facts
        const resolved = posix.resolve('/elsewhere', written)
        expect(path).toBe(resolved)
        const isInside = roots.some((one) => !posix.relative(one, resolved).startsWith('..'))
        expect(root !== '').toBe(isInside)
      }),
      { numRuns: 3_000 },
    )
  })
})
