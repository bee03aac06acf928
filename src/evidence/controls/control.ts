import type { MeasureId } from '../measures.ts'

/** Rows of a table that are exceptions: those with this cell, or all. */
export interface Exceptions {
  readonly table: string
  readonly where?: { readonly column: string; readonly is: string }
  readonly says: string
}

/** What a framework asks for, and what this record shows of it. */
export interface Control {
  readonly id: string
  readonly framework: 'SOC 2' | 'NIST SP 800-53' | 'FedRAMP 20x' | 'ISO/IEC 27001:2022'
  readonly title: string
  readonly asks: string
  readonly shows: string
  /** Said as plainly: what has to be shown by other means. */
  readonly not: string
  readonly measures: readonly MeasureId[]
  /** Whose entries are what is to be tested; a sample of them is drawn. */
  readonly population: MeasureId
  readonly tables: readonly string[]
  readonly exceptions: readonly Exceptions[]
}
