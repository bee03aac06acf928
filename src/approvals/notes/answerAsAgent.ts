import { answerBy, askingNotes } from '../../core/note.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { visible } from '../../core/visible.ts'
import { inSpan } from '../../tracing/span.ts'
import { refuseIfOver } from '../byPerson.ts'
import { showToAgent } from '../inspect.ts'
import type { Ports } from '../ports.ts'
import type { Agent } from '../records.ts'
import { untilApplied } from '../untilApplied.ts'
import { writtenByAgent } from './written.ts'

/** What an agent answers to a note about a request of its own. */
export interface AgentAnswer {
  readonly request: string
  readonly agent: Agent
  readonly via: 'api' | 'webhook'
  readonly to: string
  readonly text: string
}

/** The request with the answer, and whether it was written by this call. */
interface AnsweredNote {
  readonly request: ActionRequest
  readonly created: boolean
}

/**
 * The agent answers what somebody asked about its request, once for each note. It is prose that nobody checked, and decides nothing.
 * The same answer again is answered as before, also when the request has ended since.
 *
 * @throws Refusal `unknown_request` (also for another agent's), `unknown_note`, `already_answered`, `wrong_state`, `reason_needed`, `busy`
 */
export function answerAsAgent(ports: Ports, answer: AgentAnswer): Promise<AnsweredNote> {
  return inSpan({ name: 'answer' }, async (note) => {
    const answered = await untilApplied(ports, 'an answer', () => attempt(ports, answer))
    note({ 'countersign.request': answered.request.id })
    return answered
  })
}

async function attempt(ports: Ports, { request: id, agent, via, to, text: said }: AgentAnswer) {
  const request = await showToAgent(ports, id, agent)
  const text = said.trim()
  if (!askingNotes(request.notes).some((one) => one.id === to))
    throw new Refusal('unknown_note', 'an answer to a note that nobody wrote', [
      { pointer: '/to', detail: 'Nobody asked that about this request: name the note that you answer.' },
    ])
  const before = answerBy(request.notes, { to, side: 'agent' })
  if (before?.text === text) return { change: null, answer: { request, created: false } }
  if (before) throw new Refusal('already_answered', 'another answer of the agent to the same note')
  await refuseIfOver(ports, request)
  if (visible(text) === '') throw new Refusal('reason_needed', 'an answer that says nothing')
  const change = writtenByAgent(ports, request, { via, to, text })
  return { change, answer: { request: change.request.next, created: true } }
}
