import type { Listed } from '../approvals/personCommand.ts'
import type { Ports } from '../approvals/ports.ts'
import { type Asks, asksOf } from '../approvals/sets/asks.ts'
import { shownWith } from '../approvals/sets/members.ts'
import { factsWith } from '../card/declared.ts'
import { type Facts, factsOf } from '../card/facts.ts'
import { pageCount } from '../card/reading/full.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import type { ButtonValue } from './buttonValue.ts'
import { shownIn, type ViewOrigin } from './origin.ts'

// What somebody had before their eyes when they did something: what a decision keeps as seen.

/** Of one request, or of several lines of a card each with its own. */
export interface SeenNow {
  readonly seen: string
  readonly together?: readonly Listed[]
}

/** The action as it is rendered, with the rollback that was declared with it. @throws Refusal `unknown_request` */
async function factsFor({ store }: Ports, id: string): Promise<Facts> {
  const request = await store.request(id)
  if (!request) throw new Refusal('unknown_request', 'a click for a request that does not exist')
  return factsWith(request, await shownWith({ store }, request))
}

/** The requests that a button acts on together, each as its card shows it. @throws Refusal `unknown_request` */
export async function listedFor({ store }: Ports, ids: readonly string[]): Promise<readonly ListedLine[]> {
  const requests = await store.requestsOf(ids)
  return ids.map((id) => {
    const request = requests.find((one) => one.id === id)
    if (!request) throw new Refusal('unknown_request', 'a click for a request that does not exist')
    return { request, facts: factsOf(request) }
  })
}

interface ListedLine {
  readonly request: ActionRequest
  readonly facts: Facts
}

/** What the card shows of what a button acts on. @throws Refusal `view_needed` when that is not all of it */
export async function seenOnCard(ports: Ports, { request, together }: ButtonValue): Promise<SeenNow> {
  if (!together) return { seen: await wholeOnCard(ports, request) }
  const lines = await listedFor(ports, together)
  if (lines.some(({ facts }) => !facts.fits))
    throw new Refusal('view_needed', 'a click on a card that does not show all of its lines')
  return { seen: '', together: lines.map(listed) }
}

/** The rendered facts, if the card shows all of them. The card of an action that does not fit has no such button. */
async function wholeOnCard(ports: Ports, id: string): Promise<string> {
  const facts = await factsFor(ports, id)
  // Should there be such a button all the same, it does not count.
  if (!facts.fits) throw new Refusal('view_needed', 'a click on a card that does not show the whole action')
  return facts.text
}

/** The rendered facts: all of them have been shown only when the last page is (threats: too-long). @throws Refusal `view_needed` */
export async function seenInFullView(ports: Ports, origin: ViewOrigin): Promise<string> {
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a view of a request that does not exist')
  const shown = shownIn(origin, request)
  if (origin.page !== pageCount(shown) - 1)
    throw new Refusal('view_needed', 'a decision before the last page')
  return factsWith(shown, await shownWith(ports, request)).text
}

/**
 * That a window which lets an action through was opened after all of it had been shown: on the card, or page by page. A channel whose windows
 * come back as anybody may have written them asks this when one is sent (threats: too-long). @throws Refusal `view_needed`, `unknown_request`
 */
export async function refuseUnshown(ports: Ports, origin: ViewOrigin): Promise<void> {
  const lines = origin.together ? await listedFor(ports, origin.together) : null
  const fit = lines ? lines.every(({ facts }) => facts.fits) : (await factsFor(ports, origin.request)).fits
  if (fit) return
  if (lines) throw new Refusal('view_needed', 'a window for lines that their card does not show')
  await seenInFullView(ports, origin)
}

/** What a window showed: of one request what is recorded as seen, of several lines that of each. What an approval of it has to bring. */
export async function seenIn(
  ports: Ports,
  origin: ViewOrigin,
  request: ActionRequest,
): Promise<SeenNow & { readonly asks: Asks }> {
  if (!origin.together) {
    const { text } = factsWith(shownIn(origin, request), await shownWith(ports, request))
    return { seen: text, asks: asksOf([request]) }
  }
  const lines = await listedFor(ports, origin.together)
  return {
    seen: '',
    asks: asksOf(lines.map((line) => line.request)),
    together: lines.map(listed),
  }
}

function listed({ request, facts }: ListedLine): Listed {
  return { request: request.id, seen: facts.text }
}
