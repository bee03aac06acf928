import type { ModalView } from '@slack/types'
import { mayDecide } from '../approvals/eligibility.ts'
import { story, viewOf } from '../approvals/inspect.ts'
import { Refusal } from '../core/refusal.ts'
import type { Desk } from './desk.ts'
import { denyModal, fullModal, type ViewOrigin, whoModal, whyModal } from './modals.ts'

/**
 * The modal that asks for the reason of a denial. Whoever may not decide hears it now instead of after typing; the
 * verb judges again when the reason is sent. @throws Refusal those of `mayDecide`, `unknown_request`, `wrong_state`
 */
export async function makeDenyModal(desk: Desk, user: string, origin: ViewOrigin): Promise<ModalView> {
  const { ports } = desk
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a denial of a request that does not exist')
  if (request.state !== 'pending')
    throw new Refusal('wrong_state', `a denial of a request that is ${request.state}`)
  await mayDecide(ports, request, `slack:${user}`)
  return denyModal(await viewOf(ports, request), origin)
}

const makers = { full: fullModal, why: whyModal, who: whoModal } as const

/** What the menu of a card offers. */
export type MenuChoice = keyof typeof makers

export function isMenuChoice(choice: string): choice is MenuChoice {
  return Object.hasOwn(makers, choice)
}

/** The full request, or why, or who; for people who may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function makeRequestModal(
  desk: Desk,
  user: string,
  show: { readonly choice: MenuChoice; readonly origin: ViewOrigin },
): Promise<ModalView> {
  const { view } = await seenBy(desk, user, show.origin.request)
  const card = show.origin.card ?? (await newestCard(desk, show.origin.request))
  return makers[show.choice](view, { ...show.origin, card })
}

/** The request with its entries, if this Slack user may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function seenBy(
  desk: Desk,
  user: string,
  id: string,
): Promise<Awaited<ReturnType<typeof story>>> {
  return story(desk.ports, id, await accountOf(desk, user))
}

/** @throws Refusal `identity_unknown` when the directory does not say */
export async function accountOf(desk: Desk, user: string) {
  try {
    return await desk.ports.directory.account(`slack:${user}`)
  } catch {
    throw new Refusal('identity_unknown', 'the directory could not name a Slack user')
  }
}

/** A decision made away from the card still names the card that stands for the request. */
async function newestCard(desk: Desk, request: string): Promise<string | null> {
  const cards = await desk.ports.store.cards(request)
  return cards.filter((card) => card.status === 'posted').at(-1)?.id ?? null
}
