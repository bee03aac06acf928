import { stringify } from 'csv-stringify/sync'

/** Rows as lines for a spreadsheet (RFC 4180): each ends with CR LF, everything is in quotes, and nothing is a formula to whoever opens it. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  const plain = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? asText(cell) : cell)))
  return stringify(plain, { quoted: true, quoted_empty: true, record_delimiter: 'windows' })
}

/**
 * A spreadsheet takes a cell that begins like a formula for one, also behind blanks and signs that nobody sees: an apostrophe before it
 * makes it text. Full-width signs count as well.
 */
function asText(cell: string): string {
  return /^[\s\p{C}\p{M}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test(cell) || /^[\t\r\n]/.test(cell)
    ? `'${cell}`
    : cell
}
