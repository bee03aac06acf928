import type { TextBlock } from './pieces.ts'

/** The first words of a message. Parsed by Teams, so only words of ours. */
export function heading(words: string): TextBlock {
  return { type: 'TextBlock', text: words, wrap: true, size: 'Large', weight: 'Bolder', style: 'heading' }
}
