import type { SectionBlock } from '@slack/types'
import type { Consequence } from '../../card/consequence.ts'
import { between, type Text } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import { plain, section } from '../text/blocks.ts'
import { plainOf } from '../text/spans.ts'

/** All of it: what will happen, how it differs from before, by which values it is asked, what was read of it. */
export function consequenceBlock(consequence: Consequence, people: People): SectionBlock {
  return drawn(linesOfConsequence(consequence), people)
}

/** What a card says first; the rest stands below it. */
export function glanceBlock(consequence: Consequence, people: People): SectionBlock {
  return drawn(glanceLines(consequence), people)
}

export function readingsBlock({ readings }: Consequence, people: People): readonly SectionBlock[] {
  return readings.length > 0 ? [drawn(readings, people)] : []
}

export function linesOfConsequence(consequence: Consequence): readonly Text[] {
  return [...glanceLines(consequence), ...consequence.readings, ...inOneLine(consequence.values)]
}

function glanceLines({ sentence, marks, differences }: Consequence): readonly Text[] {
  return [...(sentence ? [sentence] : []), ...(marks.length > 0 ? [marks] : []), ...inOneLine(differences)]
}

function inOneLine(texts: readonly Text[]): readonly Text[] {
  return texts.length > 0 ? [between(texts, ' · ')] : []
}

/** All of it plain: the values are the agent's, and there is nothing to parse. */
function drawn(lines: readonly Text[], people: People): SectionBlock {
  return section(plain(lines.map((line) => plainOf(people, line)).join('\n')))
}
