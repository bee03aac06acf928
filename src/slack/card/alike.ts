import type { KnownBlock, SectionBlock } from '@slack/types'
import type { AlikeContent } from '../../card/alikeContent.ts'
import { between } from '../../card/span.ts'
import type { People } from '../../card/view.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { contextOf, mrkdwnOf, plainOf } from '../text/spans.ts'
import { fitting } from './needs.ts'
import { menu } from './together.ts'

type Line = AlikeContent['lines'][number]

/**
 * The requests that share a card, below what all of them ask: one block for each of which something can be done, so that twenty have
 * room beside it (Slack takes 50 blocks), and one for all others.
 */
export function alikeLines(card: string, { lines }: AlikeContent, people: People): KnownBlock[] {
  const over = lines.filter((line) => line.menu.length === 0)
  return [
    ...lines.filter((line) => line.menu.length > 0).map((line) => lineBlock(card, line, people)),
    ...(over.length > 0
      ? [
          contextOf(
            people,
            between(
              over.map(({ says }) => says),
              '   ',
            ),
          ),
        ]
      : []),
  ]
}

/** The reason is the agent's: plain, in a field of its own. */
function lineBlock(card: string, line: Line, people: People): SectionBlock {
  const { says, reason } = line
  return {
    ...section(mrkdwn(mrkdwnOf(people, says))),
    ...(reason.length > 0 && { fields: [plain(plainOf(people, reason), 2_000)] }),
    accessory: menu(card, line),
  }
}

/** Who was brought in for which of them. */
export function alikeEscalations({ escalations }: AlikeContent, people: People): KnownBlock[] {
  const said = escalations.map((text) => mrkdwnOf(people, text))
  return said.length > 0 ? [context(mrkdwn(fitting(said)))] : []
}
