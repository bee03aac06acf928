/**
 * The pieces of Adaptive Cards 1.5 that text is drawn with. Text from outside goes only into a `TextRun`, where nothing is parsed.
 */
interface Placed {
  readonly spacing?: 'None' | 'Small' | 'Medium' | 'Large'
  readonly separator?: boolean
}

/** Parsed by Teams: only for words of ours, and mentions. */
export interface TextBlock extends Placed {
  readonly type: 'TextBlock'
  readonly text: string
  readonly wrap: true
  readonly size?: 'Small' | 'Medium' | 'Large'
  readonly weight?: 'Bolder'
  readonly isSubtle?: boolean
  readonly style?: 'heading'
}

export interface RichTextBlock extends Placed {
  readonly type: 'RichTextBlock'
  readonly inlines: readonly TextRun[]
}

/** Nothing in it is parsed but `{{DATE(…)}}` and `{{TIME(…)}}`. */
export interface TextRun {
  readonly type: 'TextRun'
  readonly text: string
  readonly weight?: 'Bolder'
  readonly italic?: boolean
  readonly isSubtle?: boolean
  readonly size?: 'Small' | 'Large'
  readonly color?: 'Attention' | 'Warning' | 'Good'
  readonly fontType?: 'Monospace'
}

/** Text on a ground of its own. */
export interface Framed extends Placed {
  readonly type: 'Container'
  readonly style: 'emphasis'
  readonly items: readonly RichTextBlock[]
}

/** Of somebody whom a `TextBlock` calls; its text stands there as it stands here: `<at>Ann</at>`. */
export interface Mention {
  readonly type: 'mention'
  readonly text: string
  readonly mentioned: { readonly id: string; readonly name: string }
}
