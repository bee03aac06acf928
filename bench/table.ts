import { judge, type Line, ratioOf, type Target, type Unit } from './line.ts'

/** What one figure found. */
export interface Section {
  readonly title: string
  readonly lines: readonly Line[]
  /** What else has to be known to read it, a line each: how much of the machine was ours, what surprised. */
  readonly notes: readonly string[]
}

const head = ['', 'measured', 'ceiling', 'ratio', 'to reach', '']

export function sectionText({ title, lines, notes }: Section): string {
  return `${title}\n${grid([head, ...lines.map(cells)])}\n${notes.map((note) => `  ${note}\n`).join('')}`
}

/** Rows of cells, the first column to the left and the others to the right. */
export function grid(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('   ')
        .trimEnd(),
    )
    .map((row) => `  ${row}`)
    .join('\n')
}

function cells(line: Line): readonly string[] {
  const { what, unit, measured, ceiling, target } = line
  const ratio = ratioOf(line)
  return [
    what,
    amount(measured, unit),
    ceiling ? `${amount(ceiling.value, unit)}, ${ceiling.is}` : '',
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    target ? said(target, unit) : '',
    judge(line),
  ]
}

function said({ bound, value, of }: Target, unit: Unit): string {
  return `${bound} ${of === 'ceiling' ? `${value}×` : amount(value, unit)}`
}

/** With as many digits as say something. */
export function amount(value: number | string, unit: Unit): string {
  if (typeof value === 'string') return value
  if (!Number.isFinite(value)) return 'not known'
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2
  const number = value.toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return unit === 'times' ? number : `${number} ${unit}`
}
