import { noteLine } from '../notes.ts'
import { say } from '../span.ts'
import { prose } from '../text.ts'
import type { RequestView } from '../view.ts'
import { noteField, proseField } from './fields.ts'
import type { FormContent } from './form.ts'
import { theSummary } from './theAction.ts'

// The windows in which somebody writes a note: none of them decides anything.

/** Asks what is missing or too much. */
export function changesForm(view: RequestView): FormContent {
  const means = say`This decides nothing: the request still waits, and its deadline goes on. The agent can ask something else instead, and that request shows what differs.`
  return {
    title: 'Ask for changes',
    submit: 'Ask for changes',
    passages: [theSummary(view), { line: means }],
    fields: [
      proseField({
        name: noteField,
        label: say`What is missing, or too much?`,
        hint: say`The agent is told this, word for word. It is shown on the card, with your name.`,
      }),
    ],
    about: view.request.id,
    people: view.people,
  }
}

/** Asks the question. */
export function questionForm(view: RequestView): FormContent {
  const means = say`This decides nothing: the request still waits, and its deadline goes on. The person on whose behalf the agent asks gets it as a direct message, and the agent can read it.`
  return {
    title: 'Ask a question',
    submit: 'Ask',
    passages: [theSummary(view), { line: means }],
    fields: [
      proseField({
        name: noteField,
        label: say`What do you want to know?`,
        hint: say`It is shown on the card, with your name.`,
      }),
    ],
    about: view.request.id,
    people: view.people,
  }
}

/** Repeats the question, and asks for the answer. */
export function answerForm(view: RequestView, { note }: { readonly note?: string | undefined }): FormContent {
  const question = view.request.notes?.find(({ id }) => id === note)
  return {
    title: 'Answer a question',
    submit: 'Answer',
    passages: [
      theSummary(view),
      ...(question ? [{ note: noteLine(question) }, { quote: prose(question.text, 1_000) }] : []),
    ],
    fields: [
      proseField({
        name: noteField,
        label: say`Your answer`,
        hint: say`It stands on the card, as your words. It decides nothing.`,
      }),
    ],
    about: view.request.id,
    people: view.people,
  }
}
