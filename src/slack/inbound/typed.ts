import type { KnownBlock } from '@slack/types'
import type { Respond } from './tell.ts'

/** What whoever typed a command is answered, and nobody else sees. */
export interface Reply {
  readonly text: string
  readonly blocks?: KnownBlock[]
}

/** What somebody typed after a word, the trigger by which a window may open for it, and the way to answer so that nobody else sees it. */
export interface Typed {
  readonly user: string
  readonly rest: string
  readonly trigger: string
  readonly respond: Respond
}
