import type { Listed, PersonAttempt } from '../approvals/personCommand.ts'
import type { Asks } from '../approvals/sets/asks.ts'
import type { Entered } from '../card/forms/form.ts'
import type { ActionRequest } from '../core/request.ts'
import type { ViewOrigin } from './origin.ts'
import type { Words } from './threadWords.ts'

/** What was sent with a window. */
export interface Written extends Fields {
  readonly by: PersonAttempt
  readonly origin: ViewOrigin
  readonly request: ActionRequest
  /** What an approval of it, or of all the lines that the window is for, has to bring. */
  readonly asks: Asks
  /** The facts of the action as they were rendered. */
  readonly seen: string
  /** Of several lines of a card: each with its own. */
  readonly together?: readonly Listed[]
}

/** The fields of a window as they came back, by name. */
export interface Fields extends Entered {
  readonly ticked: (name: string) => boolean
  /** The value of the one that was chosen; null where nothing was there to choose from. */
  readonly chosen: (name: string) => string | null
}

/** What was said in the thread of a card. */
export interface Said extends Words {
  readonly by: PersonAttempt
  readonly seen: string
}
