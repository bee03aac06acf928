import type { StreamSink } from '../approvals/streams/streamSink.ts'
import type { Finding } from '../channels/finding.ts'

/** Each stream is looked at; nothing is sent. */
export async function streamFindings(sinks: readonly StreamSink[]): Promise<readonly Finding[]> {
  return Promise.all(
    sinks.map(async ({ name, check }) => {
      const wrong = await check()
      const of = { name: `stream ${name}`, ok: wrong === null }
      return wrong === null
        ? { ...of, detail: 'would take entries, as far as can be seen from here', fix: null }
        : { ...of, detail: wrong, fix: 'Correct it in STREAMS_FILE; docs/streaming.md has every property.' }
    }),
  )
}
