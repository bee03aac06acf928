import type { ModalView } from '@slack/types'
import { isDirect } from '../../approvals/cards/refresh.ts'
import { story, viewOf } from '../../approvals/inspect.ts'
import { mayBreakGlass, mayCloseReview, mayDecide } from '../../approvals/people/eligibility.ts'
import type { Ports } from '../../approvals/ports.ts'
import { escalationsLeft } from '../../core/escalations.ts'
import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { SlackContext } from '../context.ts'
import { type FormName, forms } from './forms.ts'
import { fullModal, whoModal, whyModal } from './modals.ts'
import type { ViewOrigin } from './shell.ts'

type Check = (ports: Ports, request: ActionRequest, account: AccountKey) => Promise<unknown>

/** Who may open which window. The verb judges again when it is sent. */
const checks: Readonly<Record<FormName, Check>> = {
  deny: mayDecidePending,
  approve_form: mayDecidePending,
  escalate: async (ports, request, account) => {
    await mayDecidePending(ports, request, account)
    if (escalationsLeft(request).length === 0)
      throw new Refusal('nothing_to_escalate', 'a click on Escalate where every escalation took place')
  },
  break_glass: async (ports, request, account) => {
    refuseSettled(request)
    if (!request.requirement?.breakGlass)
      throw new Refusal('no_break_glass', 'a click on Break glass where policy offers no emergency path')
    await mayBreakGlass(ports, request, account)
  },
  close_review: async (ports, request, account) => {
    if (!request.brokenGlass || request.brokenGlass.review)
      throw new Refusal('no_open_review', 'a click on Close review where none is open')
    await mayCloseReview(ports, request, account)
  },
}

/**
 * A window in which somebody writes before it counts. Whoever may not do it hears that now instead of after typing.
 * @throws Refusal `unknown_request`, and what the check of the form says
 */
export async function makeForm(
  slack: SlackContext,
  user: string,
  show: { readonly form: FormName; readonly origin: ViewOrigin },
): Promise<ModalView> {
  const { ports } = slack
  const request = await ports.store.request(show.origin.request)
  if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
  await checks[show.form](ports, request, `slack:${user}`)
  return forms[show.form](await viewOf(ports, request), show.origin)
}

async function mayDecidePending(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  refuseSettled(request)
  await mayDecide(ports, request, account)
}

function refuseSettled(request: ActionRequest): void {
  if (request.state !== 'pending')
    throw new Refusal('wrong_state', `a window for a request that is ${request.state}`)
}

const makers = { full: fullModal, why: whyModal, who: whoModal } as const

/** What the menu of a card offers for reading. */
export type MenuChoice = keyof typeof makers

export function isMenuChoice(choice: string): choice is MenuChoice {
  return Object.hasOwn(makers, choice)
}

/** The full request, or why, or who; for people who may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function makeRequestModal(
  slack: SlackContext,
  user: string,
  show: { readonly choice: MenuChoice; readonly origin: ViewOrigin },
): Promise<ModalView> {
  const { view } = await seenBy(slack, user, show.origin.request)
  const card = show.origin.card ?? (await newestCard(slack, view.request))
  return makers[show.choice](view, { ...show.origin, card })
}

/** The request with its entries, if this Slack user may see it. @throws Refusal `unknown_request`, `identity_unknown` */
export async function seenBy(
  slack: SlackContext,
  user: string,
  id: string,
): Promise<Awaited<ReturnType<typeof story>>> {
  return story(slack.ports, id, await accountOf(slack, user))
}

/** @throws Refusal `identity_unknown` when the directory does not say */
export async function accountOf(slack: SlackContext, user: string) {
  try {
    return await slack.ports.directory.account(`slack:${user}`)
  } catch {
    throw new Refusal('identity_unknown', 'the directory could not name a Slack user')
  }
}

/** A decision made away from the card still names the card that stands for the request; not one sent to somebody else. */
async function newestCard(slack: SlackContext, request: ActionRequest): Promise<string | null> {
  const cards = await slack.ports.store.cards(request.id)
  return cards.findLast((card) => card.status === 'posted' && !isDirect(request, card))?.id ?? null
}
