import type { Writable } from 'node:stream'
import { SinkFault, type StreamSink } from '../approvals/streams/streamSink.ts'
import { type Telling, toldAs } from './told.ts'

export interface StdoutSinkOptions extends Telling, Pick<StreamSink, 'name' | 'begins' | 'atOnce'> {
  readonly out: Writable
}

/** Prints entries, a line each. Nothing else is printed there: the log of a server that has such a stream goes to standard error. */
export function stdoutSink({ out, name, begins, atOnce, ...telling }: StdoutSinkOptions): StreamSink {
  return {
    ...{ name, begins, atOnce },
    take: (batch) =>
      new Promise((resolve, reject) => {
        const failed = (cause: Error) =>
          reject(new SinkFault('nobody reads standard output any more', { cause }))
        // Said here, and not to the process, which would end.
        out.once('error', failed)
        out.write(batch.map((one) => `${toldAs(one, telling)}\n`).join(''), (fault) => {
          if (fault) return failed(fault)
          out.off('error', failed)
          resolve()
        })
      }),
    check: async () => null,
  }
}
