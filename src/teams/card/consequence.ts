import { type Consequence, glanceLines, linesOfConsequence } from '../../card/consequence.ts'
import type { People } from '../../card/view.ts'
import type { RichTextBlock } from '../text/pieces.ts'
import { linesOf } from '../text/spans.ts'

/** All of it: what will happen, how it differs from before, by which values it is asked, what was read of it. */
export function consequenceLines(consequence: Consequence, people: People): readonly RichTextBlock[] {
  return linesOf(people, linesOfConsequence(consequence))
}

/** What a card says first; the rest stands below it. */
export function atAGlance(consequence: Consequence, people: People): readonly RichTextBlock[] {
  return linesOf(people, glanceLines(consequence))
}

export function readingLines({ readings }: Consequence, people: People): readonly RichTextBlock[] {
  return linesOf(people, readings)
}
