import type { Ending } from '../../approvals/personCommand.ts'
import { queuedContent } from '../../card/queuedAnswer.ts'
import type { RequestView } from '../../card/view.ts'
import { endingText } from '../text/answers.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import type { CardMessage } from './card.ts'

/** What one person reads when what they did was queued and has ended: what it was about, how it ended. */
export function queuedAnswer(view: RequestView, ending: Ending): CardMessage {
  const { about, notification } = queuedContent(view)
  return {
    text: inlineShown(notification, 1_000),
    blocks: [
      section(plain(about)),
      section(mrkdwn(endingText(view, ending))),
      context(plain(view.request.id)),
    ],
  }
}
