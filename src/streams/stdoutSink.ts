import type { Writable } from 'node:stream'
import { SinkFault, type StreamSink } from '../approvals/streams/streamSink.ts'
import { type Telling, toldAs } from './told.ts'

export interface StdoutSinkOptions extends Telling, Pick<StreamSink, 'name' | 'begins' | 'atOnce'> {
  readonly out: Writable
}

/** Prints entries, a line each. Nothing else is printed there: the log of a server that has such a stream goes to standard error. */
export function stdoutSink({ out, name, begins, atOnce, ...telling }: StdoutSinkOptions): StreamSink {
  /** Nobody has read it yet: what waits there is not written again, or it would pile up in memory for as long as nobody does. */
  let unread = false
  return {
    ...{ name, begins, atOnce },
    async take(batch) {
      if (unread) throw new SinkFault('nobody has read yet what was printed before')
      unread = true
      await print(out, batch.map((one) => `${toldAs(one, telling)}\n`).join('')).finally(() => {
        unread = false
      })
    },
    check: async () => null,
  }
}

function print(out: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => reject(new SinkFault('nobody reads standard output any more', { cause }))
    // Said here, and not to the process, which would end.
    out.once('error', failed)
    out.write(text, (fault) => {
      if (fault) return failed(fault)
      out.off('error', failed)
      resolve()
    })
  })
}
