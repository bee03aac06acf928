import type { MessageSeen } from '../evidence.ts'
import { by, type Law } from './law.ts'

/** However often one key came, to whichever replica: one request. */
export const oneRequestPerKey: Law = ({ requests }) =>
  [...by(requests, ({ agent, key }) => `${agent} ${key}`)]
    .filter(([, same]) => same.length > 1)
    .map(([key, same]) => ({ about: key, says: `has ${same.length} requests: ${ids(same)}` }))

/** However often one click came: one entry, and the other way round. */
export const oneEntryPerDelivery: Law = ({ entries, deliveries, clicks }) => {
  const named = by(
    entries.filter(({ delivery }) => delivery !== null),
    ({ delivery }) => delivery ?? '',
  )
  const doubled = [...named]
    .filter(([, same]) => same.length > 1)
    .map(([delivery, same]) => ({ about: delivery, says: `has ${same.length} entries: ${ids(same)}` }))
  const ours = new Set(clicks.map(({ delivery }) => delivery))
  const silent = deliveries
    .filter((delivery) => ours.has(delivery) && !named.has(delivery))
    .map((delivery) => ({ about: delivery, says: 'took effect and has no entry' }))
  return [...doubled, ...silent]
}

/** Of the cards of one request in one conversation at most one counts, and each was recorded as posted once. */
export const oneLiveCardPerConversation: Law = ({ cards, entries }) => {
  const live = by(
    cards.filter(({ status }) => status === 'posted'),
    ({ request, conversation }) => `${request} in ${conversation}`,
  )
  const recorded = by(
    entries.filter(({ type, card }) => type === 'card.posted' && card !== null),
    ({ card }) => card ?? '',
  )
  return [
    ...[...live]
      .filter(([, same]) => same.length > 1)
      .map(([where, same]) => ({ about: where, says: `has ${same.length} live cards: ${ids(same)}` })),
    ...[...recorded]
      .filter(([, same]) => same.length > 1)
      .map(([card]) => ({ about: card, says: 'was recorded as posted more than once' })),
  ]
}

/** A reminder may come again, at its own time; nothing else is said twice in a thread. */
export const noThreadLineTwice: Law = ({ messages }) => {
  const lines = messages.filter(
    (one) => one.thread !== null && !one.deleted && !/^still needed|needed:/i.test(one.text),
  )
  return [...by(lines, (one) => `${one.conversation} ${one.thread} ${one.text}`)]
    .filter(([, same]) => same.length > 1)
    .map(([, same]) => ({
      about: threadOf(same[0]),
      says: `says ${same.length} times: ${same[0]?.text.slice(0, 90)}`,
    }))
}

function threadOf(message: MessageSeen | undefined): string {
  return `${message?.conversation} ${message?.thread}`
}

function ids(list: readonly { readonly id: string }[]): string {
  return list.map(({ id }) => id).join(', ')
}
