import type { KnownBlock } from '@slack/types'

/** What whoever typed a command is answered, and nobody else sees. */
export interface Reply {
  readonly text: string
  readonly blocks?: KnownBlock[]
}

/** What somebody typed after a word, and the trigger by which a window may open for it. */
export interface Typed {
  readonly user: string
  readonly rest: string
  readonly trigger: string
}
