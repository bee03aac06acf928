import { entryLine } from '../evidence/entryLine.ts'
import { ocsfEvent } from '../evidence/ocsf/event.ts'
import type { OcsfVersion } from '../evidence/ocsf/words.ts'
import type { Recorded } from '../evidence/recorded.ts'

/** How a stream tells entries. */
export interface Telling {
  readonly format: 'entry' | 'ocsf'
  readonly ocsf: OcsfVersion
  /** Whether the values beside the leaf are told as well. */
  readonly values: boolean
}

/** An entry as JSON, on one line. */
export function toldAs(told: Recorded, { format, ocsf, values }: Telling): string {
  return format === 'ocsf'
    ? JSON.stringify(ocsfEvent(told, { version: ocsf, values }))
    : entryLine(told, { values })
}

/** Which entry a line tells; null when it is none of ours. */
export function entryIn(line: string): { readonly index: number; readonly entry: string } | null {
  try {
    const { seq, id, metadata } = JSON.parse(line)
    const [index, entry] = metadata === undefined ? [seq, id] : [metadata.sequence, metadata.uid]
    return Number.isSafeInteger(index) && typeof entry === 'string' ? { index, entry } : null
  } catch {
    return null
  }
}
