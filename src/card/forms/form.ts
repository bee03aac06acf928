import type { Passage } from '../passage.ts'

/** A window in which somebody writes before something counts: what it says and what it asks, before a channel draws it. */
export interface FormContent {
  /** At most 24 characters: windows have no room for more. */
  readonly title: string
  /** The words of the button that sends it. */
  readonly submit: string
  readonly passages: readonly Passage[]
  readonly fields: readonly Field[]
  /** The id that stands below it. */
  readonly about: string
}

interface Named {
  /** The place that a refusal names, without its first slash: `reason`, `typed/0`. */
  readonly name: string
  readonly label: string
  readonly hint: string
}

/** One thing to write, tick or choose. */
export type Field =
  | (Named & {
      readonly kind: 'text'
      readonly multiline: boolean
      readonly optional: boolean
      /** Code points. */
      readonly min: number
      readonly max: number
      readonly initial: string
    })
  | (Named & { readonly kind: 'tick'; readonly says: string })
  /** One of several, the first unless somebody chooses. */
  | (Named & { readonly kind: 'one'; readonly options: readonly Option[] })
  /** Several of them. `chosen`: the values that are ticked at first. */
  | (Named & {
      readonly kind: 'several'
      readonly options: readonly Option[]
      readonly chosen: readonly string[]
    })

export interface Option {
  readonly says: string
  readonly value: string
}
