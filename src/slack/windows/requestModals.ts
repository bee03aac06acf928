import type { ModalView } from '@slack/types'
import { isDirect } from '../../approvals/cards/refresh.ts'
import { story } from '../../approvals/inspect.ts'
import { whoNow } from '../../approvals/people/whoNow.ts'
import type { Places } from '../../approvals/queries.ts'
import type { RequestView } from '../../card/view.ts'
import type { WhoNow } from '../../card/whoNow.ts'
import { showing, type ViewOrigin } from '../../channels/origin.ts'
import { Refusal } from '../../core/refusal.ts'
import type { AnyRequest } from '../../core/request.ts'
import { carrierOf } from '../../core/set.ts'
import { refuseUnlessStaff } from '../../core/staff.ts'
import type { SlackContext } from '../context.ts'
import { fullModal, whoModal, whyModal } from './modals.ts'
import { historyModal, type Story } from './story.ts'

/** A story, and who can still decide, where that is wanted. */
interface Shown extends Story {
  readonly who: WhoNow | null
}

const makers = {
  full: ({ view }, origin) => fullModal(view, origin),
  why: ({ view }, origin) => whyModal(view, origin),
  who: ({ view, who }, origin) => whoModal(view, origin, who),
  history: historyModal,
} as const satisfies Record<string, (shown: Shown, origin: ViewOrigin) => ModalView>

/** What the menu of a card offers for reading. */
export type MenuChoice = keyof typeof makers

export function isMenuChoice(choice: string): choice is MenuChoice {
  return Object.hasOwn(makers, choice)
}

/** The full request, or why, or who, or its history; for people who may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function makeRequestModal(
  slack: SlackContext,
  user: string,
  show: { readonly choice: MenuChoice; readonly origin: ViewOrigin },
): Promise<ModalView> {
  const told = await seenBy(slack, user, show.origin.request)
  const { view } = told
  const places = show.choice === 'history' ? await placesOf(slack, told) : null
  const who = show.choice === 'who' ? await whoFor(slack, user, view) : null
  const card = show.origin.card ?? (await newestCard(slack, view.request))
  return makers[show.choice]({ ...told, places, who }, showing(view, { ...show.origin, card }))
}

/** The request with its entries, if this Slack user may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function seenBy(
  slack: SlackContext,
  user: string,
  id: string,
): Promise<Awaited<ReturnType<typeof story>>> {
  return story(slack.ports, id, await accountOf(slack, user))
}

/** Who can still decide on a request that this user may see; null where nobody is asked any more. */
export async function whoFor(slack: SlackContext, user: string, view: RequestView): Promise<WhoNow | null> {
  const request = await slack.ports.store.request(view.request.id)
  return request && whoNow(slack.ports, { request, view }, await accountOf(slack, user))
}

/** Where each of these entries stands in the ledger. */
export function placesOf(
  { ports }: SlackContext,
  { entries }: Pick<Story, 'entries'>,
): Promise<Places | null> {
  return ports.store.placesOf(entries.map(({ id }) => id))
}

/** @throws Refusal `identity_unknown` when the directory does not say */
export async function accountOf(slack: SlackContext, user: string) {
  try {
    return await slack.ports.directory.account(slack.address(user))
  } catch {
    throw new Refusal('identity_unknown', 'the directory could not name a Slack user')
  }
}

/** The same, of whoever has to be a full member. @throws Refusal `identity_unknown`, `not_staff` */
export async function staffOf(slack: SlackContext, user: string) {
  const account = await accountOf(slack, user)
  refuseUnlessStaff(account)
  return account
}

/** A decision made away from the card still names the card that stands for the request; not one sent to somebody else. */
async function newestCard(slack: SlackContext, request: AnyRequest): Promise<string | null> {
  const cards = await slack.ports.store.cards(carrierOf(request))
  return cards.findLast((card) => card.status === 'posted' && !isDirect(request, card))?.id ?? null
}
