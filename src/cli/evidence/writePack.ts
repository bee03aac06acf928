import { untilToldToStop } from '../../server/toldToStop.ts'
import type { ReadableLedger } from '../../store/ledger/recordedEntries.ts'
import { progressOn } from '../progress.ts'
import { paint, say } from '../say.ts'
import { exportPack } from './export.ts'
import type { ExportAsked } from './exportAsked.ts'

/** Writes the evidence pack of what was asked, and says what is in it. Ctrl-C leaves no half file. */
export async function writePack(
  found: ReadableLedger,
  { period, about, options }: ExportAsked,
): Promise<void> {
  const out = options.out ?? ''
  const stop = untilToldToStop()
  const progress = progressOn(process.stderr)
  const { entries, requests, files, range } = await exportPack(found, {
    ...{ out, period, about },
    signal: stop.signal,
    progress: progress.at,
  }).finally(() => {
    progress.end()
    stop.release()
  })
  say(
    `${paint('green', '✓')} ${paint('bold', out)}: ${entries} entries (${range.from} to ${range.to - 1}), ${requests} requests, ${files} files.`,
  )
  say('  Verify it anywhere: "countersign audit verify --pack", or verify.py in it with Python and openssl.')
}
