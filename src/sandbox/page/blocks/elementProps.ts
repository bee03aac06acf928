import type { Shape } from './shape.ts'

/** What every kind of element is drawn from. */
export interface ElementProps {
  readonly element: Shape
  readonly blockId: string
  /** The id of what labels it, and of what says what is wrong with it, when it stands in an input block. */
  readonly labelledBy?: string
  readonly describedBy?: string
  /** What it says to assistive technology beside its label, when it stands in an input block. */
  readonly required?: boolean
  readonly invalid?: boolean
  /** Whether a change is sent to the app at once: always, except in an input block without `dispatch_action`. */
  readonly dispatches?: boolean
}
