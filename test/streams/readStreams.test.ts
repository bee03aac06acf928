import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readStreams } from '../../src/streams/readStreams.ts'
import { stdoutSink } from '../../src/streams/stdoutSink.ts'
import { told } from '../evidence/ocsf/told.ts'
import { testOutgoing } from '../support/testOutgoing.ts'

const good = `streams:
  - name: siem
    kind: webhook
    url: https://collector.acme.test/in
    secret_file: /etc/countersign/siem.secret
    format: ocsf
    ocsf: 1.9.0
  - name: archive
    kind: file
    path: /var/log/countersign/ledger.ndjson
    format: entry
    values: true
    begins: now
    at_once: 500
  - name: out
    kind: stdout
    format: ocsf
`

function problems(text: string): readonly string[] {
  const read = readStreams('streams.yaml', text)
  return 'problems' in read
    ? read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : []
}

test('a file of streams gives what they end in', () => {
  const read = readStreams('streams.yaml', good)

  if ('problems' in read) throw new Error(problems(good).join())
  const sinks = read.sinks({ outgoing: testOutgoing(), out: new PassThrough() })
  expect(sinks.map(({ name, begins, atOnce }) => ({ name, begins, atOnce }))).toEqual([
    { name: 'siem', begins: 'first', atOnce: 100 },
    { name: 'archive', begins: 'now', atOnce: 500 },
    { name: 'out', begins: 'first', atOnce: 100 },
  ])
  expect(read.prints).toBe(true)
})

test.each([
  [good.replace('kind: webhook', 'kind: kafka'), '3:11'],
  [good.replace('ocsf: 1.9.0', 'ocsf: 2.0.0'), '7:11'],
  [good.replace('secret_file', 'secret'), 'secret_file'],
  [good.replace('/var/log/countersign/', ''), '10:11 `path` must be the absolute path of a file'],
  [good.replace('name: out', 'name: siem'), '15:11 Two streams have this name'],
  [good.replace('at_once: 500', 'at_once: 5000'), '14:14'],
  [`${good}  - {name: second, kind: stdout, format: entry}\n`, 'Two streams print'],
  [
    `${good}  - {name: second, kind: file, format: entry, path: /var/log/countersign/ledger.ndjson}\n`,
    'Two streams write',
  ],
  ['streams: []\n', '1:10'],
])('what is wrong is said with its place: %#', (text, expected) => {
  expect(problems(text).join('\n')).toContain(expected)
})

test('standard output gets a line for each entry; when nobody reads it any more that is a fault, and no end of the process', async () => {
  const out = new PassThrough()
  const sink = stdoutSink({
    out,
    name: 'out',
    begins: 'first',
    atOnce: 3,
    format: 'entry',
    ocsf: '1.8.0',
    values: false,
  })
  const { signal } = new AbortController()

  await sink.take([told('decision.made'), told('decision.made', { id: 'ent_2' }, 8)], signal)
  expect(
    String(out.read())
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).seq),
  ).toEqual([7, 8])
  out.destroy()

  await expect(sink.take([told('decision.made')], signal)).rejects.toThrow('nobody reads')
})
