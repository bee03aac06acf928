import { makeWindow } from '../../channels/makeWindow.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { formModal } from '../windows/form.ts'
import { pressed } from './payloads.ts'
import { buttonOf, doerOf, openFor, type Press } from './press.ts'

/** *Answer…* on the message that puts a question: its window, for whoever was asked. */
export async function answerQuestionPut(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  await openFor(slack, press, async () => {
    const { request, note } = buttonOf(pressed(press.body).value)
    if (note === undefined) throw new Refusal('foreign_payload', 'a button that names no question')
    const origin = { request, card: null, note, page: 0, from: 'list' as const }
    return formModal(await makeWindow(slack, doerOf(slack, press), { verb: 'answer_question', origin }))
  })
}
