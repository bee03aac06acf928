import type { Click, Evidence, MessageSeen, RequestRow } from '../evidence.ts'
import type { Finding, Law } from './law.ts'

/** How a card begins in each state: what people read first. */
const titles: Readonly<Record<string, RegExp>> = {
  pending: /^Approval needed\b/,
  approved: /^Approved\b/,
  denied: /^Denied\b/,
  expired: /^Expired\b/,
  cancelled: /^Cancelled\b/,
  executing: /^Running\b/,
  succeeded: /^Done\b/,
  failed: /^Failed\b/,
  unreported: /^Run, but not reported\b/,
  lapsed: /^Approved, but not used in time\b/,
  revoked: /^Revoked\b/,
}

/** What is said on a message that another one took the place of. */
const replaced = /\breplaced by\b|\bout of date\b/i

/** What a card says at the end is how it is, wherever it is known or was found by a click; a settled one has no buttons. */
export const everyCardThatIsKnownOrWasClickedSaysTheTruth: Law = (evidence) => {
  const requests = new Map(evidence.requests.map((one) => [one.id, one]))
  const messages = new Map(evidence.messages.map((one) => [`${one.conversation} ${one.ts}`, one]))
  const known = knownPlaces(evidence)
  const clicked = new Map(
    evidence.clicks.filter(foundCopy).map((one) => [`${one.conversation} ${one.ts}`, one.request]),
  )
  return [...new Map([...clicked, ...known])].flatMap(([place, id]) => {
    const request = requests.get(id)
    const message = messages.get(place)
    if (!request || !message || message.deleted) return []
    return untruths(request, message, known.has(place))
  })
}

/**
 * A copy is found by the first click that was judged: then the person is told so, and its correction is on record before
 * that. A click that met a process which was ended, or a database that could not be asked, finds nothing.
 */
function foundCopy({ told }: Click): boolean {
  return told.some((text) => /\bout of date\b|no longer possible|did not come from the card/i.test(text))
}

/** `conversation ts` of every card that is on record as posted, with its request. */
function knownPlaces({ cards }: Evidence): ReadonlyMap<string, string> {
  return new Map(
    cards
      .filter(({ status, message }) => status === 'posted' && message !== null)
      .map(({ conversation, message, request }) => [`${conversation} ${message}`, request]),
  )
}

const decides = /^(approve|deny|escalate|break_glass)/

function untruths(request: RequestRow, message: MessageSeen, isKnown: boolean): readonly Finding[] {
  const about = `${request.id} at ${message.conversation} ${message.ts}`
  const buttons = message.buttons.length > 0
  // What was approved can be taken back until it is used: its card has that button, and asks nobody.
  const asks =
    request.state === 'approved' ? message.buttons.some(({ action }) => decides.test(action)) : buttons
  if (request.state !== 'pending' && asks)
    return [{ about, says: `is ${request.state}, and ${isKnown ? 'its card' : 'a copy'} still has buttons` }]
  if (!isKnown && buttons)
    return [{ about, says: 'was found to be a copy by a click, and still has buttons' }]
  if (request.state !== 'pending' && /still waiting/i.test(message.text))
    return [{ about, says: `is ${request.state}, and its old copy says that it is still waiting` }]
  const says = titles[request.state]?.test(message.text) || (!isKnown && replaced.test(message.text))
  return says ? [] : [{ about, says: `is ${request.state}, and the card says: ${message.text.slice(0, 60)}` }]
}

/** While people are asked, they can answer: a card with buttons stands in each conversation that policy names. */
export const everyPendingRequestHasItsCards: Law = (evidence) => {
  const messages = new Map(evidence.messages.map((one) => [`${one.conversation} ${one.ts}`, one]))
  // Where so many ask that one card stands for some of them.
  const listed = new Set(
    evidence.entries.filter(({ type }) => type === 'card.listed').map((one) => one.request),
  )
  return evidence.requests
    .filter(({ id, state }) => state === 'pending' && !listed.has(id))
    .flatMap((request) =>
      request.conversations.flatMap((conversation) => {
        const card = evidence.cards.find(
          (one) => one.request === request.id && one.conversation === conversation && one.status === 'posted',
        )
        const message = card && messages.get(`${conversation} ${card.message}`)
        const about = `${request.id} in ${conversation}`
        if (!card) return [{ about, says: 'is pending and no card of it is on record there' }]
        if (!message || message.deleted) return [{ about, says: 'is pending and its card is not there' }]
        return message.buttons.some((button) => button.card === card.id)
          ? []
          : [{ about, says: 'is pending and its card cannot be answered' }]
      }),
    )
}

/** What policy decides alone asks nobody. */
export const nobodyIsAskedForNothing: Law = (evidence) => {
  const alone = new Set(evidence.requests.filter(({ legs }) => legs === null).map(({ id }) => id))
  return evidence.cards
    .filter(({ request }) => alone.has(request))
    .map(({ id, request }) => ({ about: `${request} ${id}`, says: 'needs nobody and has a card' }))
}

const unwritten = /could not be written just now|is not on record yet/i

/**
 * Somebody who clicks in the moment in which a card appears is not sent away because of that moment; whatever else
 * was broken just then is an excuse.
 */
export const aFastClickIsNotRefused: Law = ({ clicks, trouble }) =>
  clicks
    .filter(({ fast, told }) => fast && told.some((text) => unwritten.test(text)))
    .filter(
      ({ sentAt }) =>
        !trouble.some(
          ({ what, from, to }) =>
            (what === 'database' || what === 'server') && sentAt > from - 5_000 && sentAt < to + 5_000,
        ),
    )
    .map(({ request, by, delivery }) => ({
      about: `${request} ${by} ${delivery}`,
      says: 'was refused for being faster than the record of the posting',
    }))

/** Messages with buttons that nobody knows and nobody clicked: lost postings. Counted, no violation. */
export function lostPostings(evidence: Evidence): number {
  const known = knownPlaces(evidence)
  return evidence.messages.filter(
    (one) => one.buttons.length > 0 && !one.deleted && !known.has(`${one.conversation} ${one.ts}`),
  ).length
}
