import type { Closers } from '../src/lifetime/closers.ts'
import type { Options } from './options.ts'
import type { Section } from './table.ts'

/** What a figure is measured with. */
export interface Bench {
  readonly options: Options
  /** Whatever is begun is ended by these, at the end of the figure or at Ctrl-C. */
  readonly closers: Closers
  readonly stopping: AbortSignal
  /** What is being done, for the person who waits. */
  readonly say: (text: string) => void
}

/** Measures, prints nothing. What surprises is a note; it throws only when it could not measure at all. */
export type Figure = (bench: Bench) => Promise<Section>
