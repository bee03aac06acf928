/** The few Block Kit pieces we use. Text from outside goes only into `plain`, `preformatted` and `quote`. */
import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  MrkdwnElement,
  Overflow,
  PlainTextElement,
  RichTextBlock,
  SectionBlock,
} from '@slack/types'
import { cut } from '../../card/text.ts'

/** Shown as the characters it is made of: no markup, no emoji codes. */
export function plain(text: string, max = 3_000): PlainTextElement {
  return { type: 'plain_text', text: cut(text, max), emoji: false }
}

/** Our own words, with mentions and times. `verbatim` keeps Slack from linking what looks like a link. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text: cut(text, 3_000), verbatim: true }
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, 150) }
}

export function section(text: PlainTextElement | MrkdwnElement): SectionBlock {
  return { type: 'section', text }
}

export function context(...elements: readonly (PlainTextElement | MrkdwnElement)[]): ContextBlock {
  return { type: 'context', elements: [...elements] }
}

/** Monospaced, nothing parsed. The text must not be empty. */
export function preformatted(text: string): RichTextBlock {
  const elements = [{ type: 'text' as const, text }]
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] }
}

/** Somebody else's words, nothing parsed. The text must not be empty. */
export function quote(text: string): RichTextBlock {
  const elements = [{ type: 'text' as const, text }]
  return { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements }] }
}

export function actions(blockId: string, elements: readonly (Button | Overflow)[]): ActionsBlock {
  return { type: 'actions', block_id: blockId, elements: [...elements] }
}

export function button(actionId: string, label: string, value: string): Button {
  return { type: 'button', action_id: actionId, text: plain(label, 75), value }
}

/** The text of one of our rich text blocks, for where rich text is not available. */
export function textOfRichText(block: RichTextBlock): string {
  return block.elements.flatMap(textsOf).join('')
}

function textsOf(part: RichTextBlock['elements'][number]): string[] {
  if (part.type !== 'rich_text_preformatted' && part.type !== 'rich_text_quote') return []
  return part.elements.map((element) => ('text' in element ? (element.text ?? '') : ''))
}
