import type { Passage } from '../passage.ts'
import type { Text } from '../span.ts'
import type { People } from '../view.ts'

/** A window in which somebody writes before something counts: what it says and what it asks, before a channel draws it. */
export interface FormContent {
  /** At most 24 characters: windows have no room for more. */
  readonly title: string
  /** The words of the button that sends it, at most 24 characters. */
  readonly submit: string
  readonly passages: readonly Passage[]
  readonly fields: readonly Field[]
  /** The id that stands below it. */
  readonly about: string
  /** Whom its passages name. */
  readonly people: People
  /** What comes back with it beside what was written. */
  readonly keeps?: Kept
}

interface Kept {
  /** Address of the people whom it offers to bring in, so that it is those or nobody. */
  readonly to?: string | undefined
  /** Of one that has shown what would be left of an action: its digest. */
  readonly left?: string
}

interface Named {
  /** The place that a refusal names, without its first slash: `reason`, `typed/0`. */
  readonly name: string
  /** Mentions nobody and names no moment, as all that a field says. */
  readonly label: Text
  /** Empty where there is nothing to add. */
  readonly hint: Text
}

/** One thing to write, tick or choose. */
export type Field =
  | (Named & {
      readonly kind: 'text'
      readonly multiline: boolean
      readonly optional: boolean
      /** Code points; a `min` of 0 is none. */
      readonly min: number
      readonly max: number
      readonly initial: string
    })
  | (Named & {
      readonly kind: 'number'
      readonly min: number
      readonly max: number
      readonly initial: number
    })
  /** One box that nobody has to tick. */
  | (Named & { readonly kind: 'tick'; readonly says: Text })
  /** One of several, the first unless somebody chooses. */
  | (Named & { readonly kind: 'one'; readonly options: readonly Option[] })
  /** Several of them. `chosen`: the values that are ticked at first. */
  | (Named & {
      readonly kind: 'several'
      readonly options: readonly Option[]
      readonly chosen: readonly string[]
    })

export interface Option {
  readonly says: Text
  readonly value: string
}

/** What somebody has entered, by the name of a field. */
export interface Entered {
  readonly field: (name: string) => string
  /** The values that are ticked. */
  readonly picked: (name: string) => readonly string[]
}
