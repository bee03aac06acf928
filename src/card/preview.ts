import type { Preview } from '../core/preview.ts'
import { listed, ours, outside, say, type Text } from './span.ts'
import { revealLine } from './text.ts'

/** What a request would touch, as people are told before they decide: a mark beside the others. */
export function previewMark(preview: Preview): Text {
  if (preview.kind === 'none') return say`no preview: ${ours(reasons[preview.why])}`
  const tables = listed(preview.tables.map((table) => [outside(table, longestName)]))
  return say`${ours(aboutRows(preview.rows))} in ${tables} by the database's estimate`
}

/** The same as it is digested with what an approver saw: nothing of it is cut, and with its moment. */
export function previewSeen(preview: Preview): string {
  const said =
    preview.kind === 'none'
      ? `none, ${reasons[preview.why]}`
      : `${aboutRows(preview.rows)} in ${preview.tables.map(revealLine).join(' and ')} by the database's estimate`
  return `${said} (${preview.target}, ${preview.at})`
}

const reasons = {
  no_answer: 'the database did not answer within 3 s',
  refused: 'the database has no estimate for this',
} as const

/** A schema and a table of the longest names that there are. */
const longestName = 130

/** `about 248,000 rows`: three digits, because nobody has counted. */
function aboutRows(rows: number): string {
  const about = Number(rows.toPrecision(3))
  return `about ${about.toLocaleString('en-US')} ${about === 1 ? 'row' : 'rows'}`
}
