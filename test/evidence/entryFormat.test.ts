import { expect, test } from 'vitest'
import { type EntryFormatName, entryFormats } from '../../src/evidence/entryFormat.ts'
import { leafHash } from '../../src/ledger/hashes.ts'
import { told } from './ocsf/told.ts'

const plain = { values: false, ocsf: '1.8.0' } as const

/** What a spreadsheet reads: RFC 4180. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'))
}

test('a line of NDJSON is the leaf, and with values it is the leaf and one member more', () => {
  const one = { ...told('decision.made'), blobs: { reason: 'a "quoted"\nreason', identity: null } }

  const without = entryFormats.ndjson(plain).line(one)
  const { values, ...rest } = JSON.parse(entryFormats.ndjson({ ...plain, values: true }).line(one))

  expect(leafHash(Buffer.from(without.trimEnd()))).toEqual(leafHash(Buffer.from(one.leaf)))
  expect(values).toEqual({ reason: 'a "quoted"\nreason', identity: null })
  expect(rest).toEqual(JSON.parse(one.leaf))
})

test.each(Object.keys(entryFormats) as EntryFormatName[])(
  '%s gives one line for each entry, the same each time',
  (name) => {
    const format = entryFormats[name](plain)
    const one = told('request.submitted', {
      data: { action: 'line\nfeed\r\nand \u2028 more', code: '\u0000' },
    })

    expect(format.line(one).split('\n')).toHaveLength(2)
    expect(format.line(one)).toBe(entryFormats[name](plain).line(one))
  },
)

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  ' =1+1',
  '\u00a0=1+1',
  '\u200b\u202e=1+1',
  '\u0000=1',
  '\t=1',
  '\r=1',
  '＝1+1',
  ' ＋1',
])('no cell is a formula: %j', (hostile) => {
  const format = entryFormats.csv(plain)
  const one = told('decision.made', {
    actor: { kind: 'person', id: hostile, account: hostile, via: hostile },
  })

  const found = cells(format.line(one)).filter((cell) => cell.endsWith(hostile))

  expect(found).toHaveLength(3)
  for (const cell of found) expect(cell).toBe(`'${hostile}`)
})

test('what is no formula stays as it is, and every line has the columns of the first', () => {
  const format = entryFormats.csv({ ...plain, values: true })
  const one = { ...told('policy.activated', { data: { says: 'a, "b"; 1=1' } }), blobs: { reason: '=1' } }

  const head = cells(format.head)
  const line = cells(format.line(one))

  expect(head).toHaveLength(line.length)
  expect(line[head.indexOf('index')]).toBe('7')
  expect(line[head.indexOf('data')]).toBe('{"says":"a, \\"b\\"; 1=1"}')
  expect(line[head.indexOf('values')]).toBe('{"reason":"=1"}')
  expect(line[head.indexOf('actor')]).toBe('per_bob')
})
