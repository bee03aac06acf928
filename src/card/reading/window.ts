import type { CardButton } from '../buttons.ts'
import type { Passage } from '../passage.ts'
import type { Title } from '../titles.ts'
import type { People } from '../view.ts'

/** A window in which somebody reads about a request: what it says, before a channel draws it. */
export interface WindowContent {
  /** At most 24 characters: windows have no room for more. */
  readonly title: string
  /** What stands over it; null where the title says enough. */
  readonly heading: Title | null
  readonly passages: readonly Passage[]
  /** From 0, and of how many. */
  readonly page: number
  readonly pages: number
  /** What can be decided there. */
  readonly buttons: readonly CardButton[]
  /** What else of it can be read from here. */
  readonly leadsTo: 'history' | 'full' | null
  /** Whom its passages name. */
  readonly people: People
}

/** On one page, with nothing to press. */
export const onlyToRead = { heading: null, page: 0, pages: 1, buttons: [], leadsTo: null } as const
