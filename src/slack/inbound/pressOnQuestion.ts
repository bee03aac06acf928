import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { makeWindow } from './makeWindow.ts'
import { pressed } from './payloads.ts'
import { buttonOf, openFor, type Press } from './press.ts'

/** *Answer…* on the message that puts a question: its window, for whoever was asked. */
export async function answerQuestionPut(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  await openFor(slack, press, async () => {
    const { request, note } = buttonOf(pressed(press.body).value)
    if (note === undefined) throw new Refusal('foreign_payload', 'a button that names no question')
    const origin = { request, card: null, note, page: 0, from: 'list' as const }
    return makeWindow(slack, press.body, { verb: 'answer_question', origin })
  })
}
