import type { Answer } from '../../channels/answers.ts'
import type { TeamsContext } from '../context.ts'
import type { ExecuteActivity } from './activities.ts'
import type { Reply } from './receiver.ts'
import { words } from './replies.ts'

/** What became of a press. `late`: what whoever pressed is told if the reply comes too late; null when there is nothing to tell. */
export interface Pressed {
  readonly reply: Reply
  readonly late: Answer | null
}

/** What one press does: what it carries is in `value`. @throws Refusal */
export type Presser = (teams: TeamsContext, activity: ExecuteActivity, value: string) => Promise<Pressed>

/** Said beside the card, or later. */
export function saying(answer: Answer): Pressed {
  return { reply: words(answer), late: answer }
}
