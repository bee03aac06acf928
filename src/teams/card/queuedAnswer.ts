import type { Ending } from '../../approvals/personCommand.ts'
import { queuedContent } from '../../card/queuedAnswer.ts'
import { ours } from '../../card/span.ts'
import type { RequestView } from '../../card/view.ts'
import { endingAnswer } from '../../channels/answers.ts'
import { teamsWording } from '../text/answers.ts'
import { type CardMessage, idNote, tellingOf } from './message.ts'

/** What one person reads when what they did was queued and has ended: what it was about, how it ended. */
export function queuedAnswer(view: RequestView, ending: Ending): CardMessage {
  const { about, notification } = queuedContent(view)
  const { says, people } = endingAnswer(teamsWording, view, ending)
  return tellingOf({
    summary: notification,
    passages: [{ line: [ours(about)] }, { line: says }],
    people,
    below: [idNote(view.request.id)],
  })
}
