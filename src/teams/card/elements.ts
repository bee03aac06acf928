import type { Mention, RichTextBlock, TextBlock } from '../text/pieces.ts'

/**
 * The few pieces of Adaptive Cards 1.5 that we use, beside those of text (`text/pieces.ts`).
 */
export interface AdaptiveCard {
  readonly type: 'AdaptiveCard'
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
  readonly version: '1.5'
  readonly body: readonly Element[]
  readonly actions?: readonly Action[]
  /** Asked of us whenever the card comes into sight; it decides nothing. */
  readonly refresh?: { readonly action: ExecuteAction }
  readonly msteams: { readonly width: 'Full'; readonly entities?: readonly Mention[] }
}

export type Element = TextBlock | RichTextBlock | Container | ActionSet | Input

interface Placed {
  readonly spacing?: 'None' | 'Small' | 'Medium' | 'Large'
  readonly separator?: boolean
}

interface Container extends Placed {
  readonly type: 'Container'
  readonly items: readonly Element[]
  readonly style?: 'emphasis' | 'attention' | 'warning' | 'good'
}

export interface ActionSet extends Placed {
  readonly type: 'ActionSet'
  readonly actions: readonly Action[]
}

type Action = ExecuteAction | DialogAction | SubmitAction

interface Pressable {
  readonly title: string
  readonly style?: 'positive' | 'destructive'
  /** In the menu at the end instead of beside the others. */
  readonly mode?: 'secondary'
}

/** Does something. Its data is readable by everybody who sees the card, and says who nobody is: ids only. */
export interface ExecuteAction extends Pressable {
  readonly type: 'Action.Execute'
  readonly verb: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Opens a dialog, and decides nothing: Teams knows no other way to ask for one. */
export interface DialogAction extends Pressable {
  readonly type: 'Action.Submit'
  readonly data: { readonly msteams: { readonly type: 'task/fetch' } } & Readonly<Record<string, unknown>>
}

/** Sends a dialog. */
export interface SubmitAction extends Pressable {
  readonly type: 'Action.Submit'
  readonly data: Readonly<Record<string, unknown>>
}

interface Asked {
  readonly id: string
  readonly label: string
  readonly isRequired?: boolean
  readonly errorMessage?: string
}

export type Input =
  | (Asked & {
      readonly type: 'Input.Text'
      readonly isMultiline?: boolean
      readonly maxLength: number
      readonly placeholder?: string
      readonly value?: string
    })
  | (Asked & {
      readonly type: 'Input.Toggle'
      readonly title: string
      readonly wrap: true
      readonly value: 'false'
    })
  | (Asked & {
      readonly type: 'Input.ChoiceSet'
      readonly style: 'expanded' | 'compact'
      readonly isMultiSelect?: boolean
      readonly wrap: true
      readonly value?: string
      readonly choices: readonly { readonly title: string; readonly value: string }[]
    })
