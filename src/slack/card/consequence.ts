import type { SectionBlock } from '@slack/types'
import { type Consequence, glanceLines, linesOfConsequence } from '../../card/consequence.ts'
import type { People } from '../../card/view.ts'
import { plainLines } from '../text/spans.ts'

/** All of it: what will happen, how it differs from before, by which values it is asked, what was read of it. */
export function consequenceBlock(consequence: Consequence, people: People): SectionBlock {
  return plainLines(people, linesOfConsequence(consequence))
}

/** What a card says first; the rest stands below it. */
export function glanceBlock(consequence: Consequence, people: People): SectionBlock {
  return plainLines(people, glanceLines(consequence))
}

export function readingsBlock({ readings }: Consequence, people: People): readonly SectionBlock[] {
  return readings.length > 0 ? [plainLines(people, readings)] : []
}
