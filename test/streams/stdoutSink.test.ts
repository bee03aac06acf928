import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { SinkFault } from '../../src/approvals/streams/streamSink.ts'
import { stdoutSink } from '../../src/streams/stdoutSink.ts'
import { told } from '../evidence/ocsf/told.ts'

const telling = { format: 'entry', ocsf: '1.8.0', values: false } as const

test('what nobody has read yet is not printed again; control: once it is read, printing goes on', async () => {
  const printed: string[] = []
  let read = (): void => undefined
  const out = new Writable({
    write(chunk, _, done) {
      printed.push(String(chunk))
      read = () => done()
    },
  })
  const sink = stdoutSink({ out, name: 'siem', begins: 'first', atOnce: 10, ...telling })
  const { signal } = new AbortController()
  const first = sink.take([told('agent.added', {}, 0)], signal)

  await expect(sink.take([told('agent.added', {}, 0)], signal)).rejects.toThrow(SinkFault)
  expect(printed).toHaveLength(1)

  read()
  await first
  const next = sink.take([told('agent.added', {}, 1)], signal)
  expect(printed).toHaveLength(2)
  read()
  await next
})
