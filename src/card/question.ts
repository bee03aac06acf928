import { factsOf, summaryOf } from './facts.ts'
import { noteLine } from './notes.ts'
import type { Passage } from './passage.ts'
import { onDay, ours, outside, say } from './span.ts'
import { prose, revealLine } from './text.ts'
import type { RequestView } from './view.ts'

/** The message by which a question is put to the person on whose behalf the agent asks. */
interface QuestionContent {
  /** Our words. */
  readonly title: string
  readonly passages: readonly Passage[]
  readonly request: string
  /** Revealed and not cut. */
  readonly notification: string
}

/** Null when there is no such question. */
export function questionContent(view: RequestView, id: string): QuestionContent | null {
  const { request } = view
  const question = request.notes?.find((one) => one.id === id)
  if (!question) return null
  const summary = summaryOf(factsOf(request))
  return {
    title: 'A question about what an agent asks for you',
    passages: [
      { line: [outside(summary, 1_000)] },
      { note: say`The agent ${outside(request.agent.name, 80)} asks this on your behalf.` },
      { note: noteLine(question) },
      { quote: prose(question.text, 1_000) },
      {
        note: say`Your answer stands on the card, as your words. It decides nothing, and the request expires${request.expiresAt ? say` ${onDay(request.expiresAt)}` : []}${ours('.')}`,
      },
    ],
    request: request.id,
    notification: `A question about ${summary} (asked by the agent ${revealLine(request.agent.name)} on your behalf, ${request.id})`,
  }
}
