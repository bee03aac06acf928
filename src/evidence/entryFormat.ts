import { csvHead, csvLine } from './csv.ts'
import { entryLine } from './entryLine.ts'
import { ocsfEvent } from './ocsf/event.ts'
import type { OcsfVersion } from './ocsf/words.ts'
import type { Recorded } from './recorded.ts'

export interface FormatOptions {
  /** Whether the values beside the leaf are told as well: parameters, prose, identities. */
  readonly values: boolean
  readonly ocsf: OcsfVersion
}

/** How entries are written down, one after the other. */
export interface EntryFormat {
  /** What stands before the first. */
  readonly head: string
  /** One entry, with the end of its line. */
  readonly line: (told: Recorded) => string
}

export const entryFormats = {
  ndjson: (options) => ({ head: '', line: (told) => `${entryLine(told, options)}\n` }),
  csv: (options) => ({ head: csvHead(options), line: (told) => csvLine(told, options) }),
  ocsf: ({ values, ocsf }) => ({
    head: '',
    line: (told) => `${JSON.stringify(ocsfEvent(told, { version: ocsf, values }))}\n`,
  }),
} as const satisfies Record<string, (options: FormatOptions) => EntryFormat>

export type EntryFormatName = keyof typeof entryFormats
