import { questionContent } from '../../card/question.ts'
import type { RequestView } from '../../card/view.ts'
import { answerButton, buttonValue } from '../../channels/buttonValue.ts'
import { actions, button, context, header, plain } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import type { CardMessage } from './card.ts'

/** A question as its message puts it to one person; null when there is no such question. */
export function questionMessage(view: RequestView, note: string): CardMessage | null {
  const content = questionContent(view, note)
  if (!content) return null
  const { title, passages, request, notification } = content
  return {
    text: inlineShown(notification, 1_000),
    blocks: [
      header(title),
      ...blocksOf(view.people, passages),
      actions(`question.${note}`, [
        button(answerButton, 'Answer…', buttonValue({ request, card: null, note })),
      ]),
      context(plain(request)),
    ],
  }
}
