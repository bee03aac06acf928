import { questionContent } from '../../card/question.ts'
import type { RequestView } from '../../card/view.ts'
import { answerButton, buttonValue } from '../../channels/buttonValue.ts'
import { actionSet, dialog } from './buttons.ts'
import { type CardMessage, idNote, tellingOf } from './message.ts'

/** A question as its message puts it to one person; null when there is no such question. */
export function questionMessage(view: RequestView, note: string): CardMessage | null {
  const content = questionContent(view, note)
  if (!content) return null
  const { title, passages, request, notification } = content
  const answer = dialog('Answer…', answerButton, buttonValue({ request, card: null, note }))
  return tellingOf({
    summary: notification,
    title,
    passages,
    people: view.people,
    below: [actionSet([answer]), idNote(request)],
  })
}
