import { answerBy } from '../../core/note.ts'
import { Refusal } from '../../core/refusal.ts'
import { visible } from '../../core/visible.ts'
import { byPerson, type Decided, refuseIfOver } from '../byPerson.ts'
import { mayAnswer } from '../people/eligibility.ts'
import type { NoteAnswerAttempt } from '../personCommand.ts'
import type { Ports } from '../ports.ts'
import { writtenByPerson } from './written.ts'

/**
 * The person on whose behalf the agent asks answers a question, once. They are behind the action, so it decides nothing: it stands on
 * the card as their words.
 *
 * @throws Refusal `unknown_request`, `wrong_state`, those of `mayAnswer`, `unknown_note`, `already_answered`, `reason_needed`, `busy`
 */
export function answerQuestion(ports: Ports, attempt: NoteAnswerAttempt): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: 'answer_question',
    judge: async (ports, request) => {
      await refuseIfOver(ports, request)
      const colleague = await mayAnswer(ports, request, attempt.account)
      const { to } = attempt
      const question = request.notes?.find(({ id, kind }) => id === to && kind === 'question')
      if (!question) throw new Refusal('unknown_note', 'an answer to a question that nobody asked')
      if (answerBy(request.notes, { to, side: 'initiator' }))
        throw new Refusal('already_answered', 'a second answer to a question')
      const text = attempt.text.trim()
      if (visible(text) === '') throw new Refusal('reason_needed', 'an answer that says nothing')
      return {
        ...writtenByPerson(ports, request, { colleague, attempt, note: { kind: 'answer', text, to } }),
        links: colleague.links,
      }
    },
  })
}
