import type { Ending } from '../../approvals/personCommand.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { cut } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { endingText } from '../text/answers.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import type { CardMessage } from './card.ts'

/** What one person reads when what they did was queued and has ended: what it was about, how it ended. */
export function queuedAnswer(view: RequestView, ending: Ending): CardMessage {
  const { request } = view
  const summary = summaryOf(factsOf(request))
  const says = endingText(view, ending)
  return {
    text: inlineShown(`What you did was queued, and has ended: ${summary}`, 1_000),
    blocks: [
      section(plain(`What you did about this was queued, and has ended: ${cut(summary, 1_000)}`)),
      section(mrkdwn(says)),
      context(plain(request.id)),
    ],
  }
}
