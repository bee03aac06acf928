import { type Span, say } from '../../card/span.ts'
import type { Answer } from '../../channels/answers.ts'
import { type Outcome, outcomeTitles } from '../../channels/doInTime.ts'
import type { AdaptiveCard } from '../card/elements.ts'
import { plainOf } from '../text/spans.ts'
import type { Dialog } from '../windows/dialog.ts'
import { noteDialog } from '../windows/note.ts'
import type { Reply } from './receiver.ts'

/** Shows a window, or puts it in the place of the one that is open. */
export function showing({ title, card }: Dialog): Reply {
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content: card }
  const value = { title, width: 'large', height: 'large', card: attachment }
  return { status: 200, body: { task: { type: 'continue', value } } }
}

/** Closes the window. */
export const closing: Reply = { status: 200 }

/** Says how something ended in a window. */
export function showingOutcome({ kind, says, people }: Pick<Outcome, 'kind' | 'says' | 'people'>): Reply {
  return showing(noteDialog(outcomeTitles[kind], says, people))
}

/** Puts another card in the place of the one that was pressed, for whoever pressed it. */
export function card(value: AdaptiveCard): Reply {
  return executed(200, 'application/vnd.microsoft.card.adaptive', value)
}

/**
 * Says something beside the card, to whoever pressed. Teams may make something else of signs in it, so what is not our own words is
 * left out.
 */
export function words({ says, people }: Answer): Reply {
  return executed(200, 'application/vnd.microsoft.activity.message', plainOf(people, says.filter(isOurs)))
}

/** An error, as Teams shows it to the person. */
export function error(message: string): Reply {
  return executed(400, 'application/vnd.microsoft.error', { code: 'BadRequest', message })
}

/** Of an invoke that is nothing of ours. */
export const unknownInvoke: Reply = {
  status: 501,
  body: { error: { code: 'NotImplemented', message: 'Countersign does not know this.' } },
}

export const slowLook: Answer = {
  says: say`This takes longer than usual. Nothing was decided: try again in a moment.`,
  people: new Map(),
}

function executed(statusCode: number, type: string, value: unknown): Reply {
  return { status: 200, body: { statusCode, type, value } }
}

function isOurs(span: Span): boolean {
  if ('strong' in span) return span.strong.every(isOurs)
  return 'words' in span || 'typed' in span || 'instant' in span
}
