import type { Ports } from '../approvals/ports.ts'
import { fullContent } from '../card/reading/full.ts'
import { whoContent, whyContent } from '../card/reading/grounds.ts'
import { historyContent, type Story } from '../card/reading/story.ts'
import type { WindowContent } from '../card/reading/window.ts'
import type { WhoNow } from '../card/whoNow.ts'
import { showing, type ViewOrigin } from './origin.ts'
import { newestCard, seenBy, storyOf, whoFor } from './seeing.ts'

interface Shown {
  readonly story: Story
  /** Who can still decide, where that is wanted. */
  readonly who: WhoNow | null
}

const makers = {
  full: ({ story }, page) => fullContent(story.view, page),
  why: ({ story }) => whyContent(story.view),
  who: ({ story, who }) => whoContent(story.view, who),
  history: ({ story }, page) => historyContent(story, page),
} as const satisfies Record<string, (shown: Shown, page: number) => WindowContent>

/** What the menu of a card offers for reading. */
export type MenuChoice = keyof typeof makers

export function isMenuChoice(choice: string): choice is MenuChoice {
  return Object.hasOwn(makers, choice)
}

/** A window for reading, to be drawn. */
export interface OpenedWindow {
  readonly choice: MenuChoice
  readonly content: WindowContent
  readonly origin: ViewOrigin
}

/** The full request, or why, or who, or its history; for people who may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function readingWindow(
  ports: Ports,
  address: string,
  show: { readonly choice: MenuChoice; readonly origin: ViewOrigin },
): Promise<OpenedWindow> {
  const { choice } = show
  const told = await seenBy(ports, address, show.origin.request)
  const { view } = told
  const story =
    choice === 'history' ? await storyOf(ports, told) : { ...told, places: null, names: new Map() }
  const who = choice === 'who' ? await whoFor(ports, address, view) : null
  const card = show.origin.card ?? (await newestCard(ports, view.request))
  const content = makers[choice]({ story, who }, show.origin.page)
  return { choice, content, origin: showing(view, { ...show.origin, card, page: content.page }) }
}
