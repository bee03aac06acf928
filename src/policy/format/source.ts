import type { Json } from '../../core/json.ts'

/** Where a value stands in a parsed file: keys and indexes from the top. */
export type Path = readonly (string | number)[]

/** Line and column, both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One parsed file, and where in it every value stands. */
export interface Source {
  readonly file: string
  readonly value: Json
  /** The place of the value at a path, or of its key; of the nearest parent when there is nothing at that path. */
  place(path: Path, on?: 'key'): Place
  /** The place of a line and column of the text at a path, as exactly as its YAML style lets it be told. */
  within(path: Path, at: Place): Place
  /** Whether the text at a path is a block that keeps its lines (`|`). Any other style can join lines to one. */
  keepsLines(path: Path): boolean
}
