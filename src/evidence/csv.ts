import type { Entry } from '../ledger/entry.ts'
import { logLineOf } from '../ledger/logLine.ts'
import { csvText } from './csvText.ts'
import type { Recorded } from './recorded.ts'

type Cell = (told: { readonly index: number; readonly entry: Entry }) => string | number

/** The columns for spreadsheets. What an entry says besides stands in `data`, as JSON. */
const columns: Readonly<Record<string, Cell>> = {
  index: ({ index }) => index,
  time: ({ entry }) => entry.ts,
  type: ({ entry }) => entry.type,
  says: ({ entry }) => logLineOf(entry, null).message,
  request: ({ entry }) => entry.request ?? '',
  actor_kind: ({ entry }) => entry.actor.kind,
  actor: ({ entry }) => entry.actor.id,
  account: ({ entry }) => entry.actor.account ?? '',
  via: ({ entry }) => entry.actor.via,
  subject_kind: ({ entry }) => entry.subject.kind,
  subject: ({ entry }) => entry.subject.id,
  action_digest: ({ entry }) => entry.action_digest ?? entry.action_digest_salted ?? '',
  policy: ({ entry }) => entry.policy ?? '',
  entry: ({ entry }) => entry.id,
  data: ({ entry }) => JSON.stringify(entry.data),
}

/** The first line.  */
export function csvHead({ values }: { readonly values: boolean }): string {
  return csvText([[...Object.keys(columns), ...(values ? ['values'] : [])]])
}

/** An entry as a line for a spreadsheet. */
export function csvLine(told: Recorded, { values }: { readonly values: boolean }): string {
  const cells = Object.values(columns).map((cell) => cell(told))
  return csvText([[...cells, ...(values ? [JSON.stringify(told.blobs)] : [])]])
}
