import type { Block } from '../../wire.ts'

/** Blocks come as they were sent, so everything about them is unknown until it was looked at. */
export type Shape = Readonly<Record<string, unknown>>

export function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function shapes(value: unknown): readonly Shape[] {
  return Array.isArray(value) ? value.filter(isShape) : []
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The characters of a text object as Slack shows them: of the entities only these three are undone, once. */
export function plain(text: unknown): string {
  return isShape(text) ? unescapeText(string(text.text)) : ''
}

export function unescapeText(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) =>
    name === 'amp' ? '&' : name === 'lt' ? '<' : '>',
  )
}

/** A block's id, or its place in the message when it was sent without one. */
export function blockIdOf(block: Block, index: number): string {
  return string(block.block_id) || `block-${index}`
}

/** The options of a select, whether or not they are in groups. */
export function optionsOf(element: Shape): readonly Shape[] {
  return [
    ...shapes(element.options),
    ...shapes(element.option_groups).flatMap((group) => shapes(group.options)),
  ]
}
