import type { ModalView } from '@slack/types'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { noteLine } from '../../card/notes.ts'
import { prose } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { context, mrkdwn, plain, quote, section } from '../text/blocks.ts'
import { contextOf } from '../text/spans.ts'
import { noteBlock, proseField } from './fields.ts'
import { label, shell, type ViewOrigin } from './shell.ts'

// The windows in which somebody writes a note: none of them decides anything.

/** Asks what is missing or too much. */
export function changesForm(view: RequestView, origin: ViewOrigin): ModalView {
  return {
    ...shell('Ask for changes', origin),
    close: label('Cancel'),
    submit: label('Ask for changes'),
    blocks: [
      section(plain(summaryOf(factsOf(view.request)))),
      section(
        mrkdwn(
          'This decides nothing: the request still waits, and its deadline goes on. The agent can ask something else instead, and that request shows what differs.',
        ),
      ),
      proseField({
        block: noteBlock,
        label: 'What is missing, or too much?',
        hint: 'The agent is told this, word for word. It is shown on the card, with your name.',
      }),
      context(plain(view.request.id)),
    ],
  }
}

/** Asks the question. */
export function questionForm(view: RequestView, origin: ViewOrigin): ModalView {
  return {
    ...shell('Ask a question', origin),
    close: label('Cancel'),
    submit: label('Ask'),
    blocks: [
      section(plain(summaryOf(factsOf(view.request)))),
      section(
        mrkdwn(
          'This decides nothing: the request still waits, and its deadline goes on. The person on whose behalf the agent asks gets it as a direct message, and the agent can read it.',
        ),
      ),
      proseField({
        block: noteBlock,
        label: 'What do you want to know?',
        hint: 'It is shown on the card, with your name.',
      }),
      context(plain(view.request.id)),
    ],
  }
}

/** Repeats the question, and asks for the answer. */
export function answerForm(view: RequestView, origin: ViewOrigin): ModalView {
  const question = view.request.notes?.find(({ id }) => id === origin.note)
  return {
    ...shell('Answer a question', origin),
    close: label('Cancel'),
    submit: label('Answer'),
    blocks: [
      section(plain(summaryOf(factsOf(view.request)))),
      ...(question ? [contextOf(view.people, noteLine(question)), quote(prose(question.text, 1_000))] : []),
      proseField({
        block: noteBlock,
        label: 'Your answer',
        hint: 'It stands on the card, as your words. It decides nothing.',
      }),
      context(plain(view.request.id)),
    ],
  }
}
