import { withSpared } from '../../card/spared.ts'
import type { RequestView } from '../../card/view.ts'
import type { ActionRequest } from '../../core/request.ts'
import { carrierOf } from '../../core/set.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import type { Tries } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Card } from '../records.ts'
import { cardMoved, everywhere, refuseUndelivered } from './everywhere.ts'
import { cardViewOf, isAsking, linesOf } from './lines.ts'
import { isDirect, postedCards, showIn } from './refresh.ts'
import { setsAsked, whomToCall } from './whomToCall.ts'

interface Reminder {
  readonly request: string
  readonly nth: number
  readonly tries?: Tries
}

/**
 * Reminds whoever is still needed, in the thread of every card of a request that is still pending. First each card is
 * looked after: where somebody deleted it, another is posted, and that is the reminder. Each conversation is remembered
 * for itself, so that one which refuses does not make the others be reminded again.
 *
 * @throws Undelivered
 */
export async function remind(ports: Ports, channel: Channel, about: Reminder): Promise<void> {
  const reminding = await ports.store.request(about.request)
  if (reminding?.state !== 'pending') return
  const request = await ports.store.request(carrierOf(reminding))
  if (!request) return
  if (!reminding.set) return remindOf(ports, channel, { request, about })
  // Each request of a set has reminders, so that some are left while any of them waits. The first that waits reminds of all.
  const [first] = (await linesOf(ports, reminding)).filter(({ state }) => state === 'pending')
  if (first?.id === reminding.id)
    await remindOf(ports, channel, { request, about: { ...about, request: request.id } })
}

async function remindOf(
  ports: Ports,
  channel: Channel,
  { request, about }: { readonly request: ActionRequest; readonly about: Reminder },
): Promise<void> {
  const view = await cardViewOf(ports, request)
  // Nobody can do what they would be reminded of; the card says why.
  if ((view.lines ?? [view]).every(({ request: { state }, held }) => state !== 'pending' || held)) return
  const reminded = await remindedAlready(ports, view, about)
  const posted = await postedCards(ports, request.id)
  if (!about.tries) await lookAfter(ports, request, posted)
  const cards = [...posted.values()]
  const due = cards.filter((card) => !isDirect(request, card) && !reminded.has(card.conversation))
  const failures = await everywhere(
    due.map((card) => card.conversation),
    async (conversation) => {
      const sent = { view, about, conversation }
      if (!(await showIn(ports, channel, { request, conversation })))
        return recordReminded(ports, { ...sent, by: 'new card' })
      const card = (await postedCards(ports, request.id)).get(conversation)
      if (card)
        await recordReminded(ports, { ...sent, by: await remindUnder(ports, channel, { about, card, view }) })
    },
  )
  if (failures.size === 0) return
  // Whoever settled it meanwhile has dropped its reminders: a next try would be left for nobody.
  const now = await ports.store.request(request.id)
  if (now && (await isAsking(ports, now))) refuseUndelivered(failures)
}

/** Where there is no card although people are asked there, announcing is begun anew, whatever became of it before. */
async function lookAfter(
  ports: Ports,
  request: ActionRequest,
  posted: ReadonlyMap<string, unknown>,
): Promise<void> {
  const without = request.requirement?.notify.channels.some((conversation) => !posted.has(conversation))
  if (without) await ports.store.commit({ entries: [], jobs: [{ task: 'announce', request: request.id }] })
}

/**
 * Each try is noted under a name of its own before it is sent: when the process dies meanwhile, the line may be missing
 * but never stands there twice. `unknown` when nobody knows what became of this try.
 */
async function remindUnder(
  ports: Ports,
  channel: Channel,
  on: { readonly about: Reminder; readonly card: Card; readonly view: RequestView },
): Promise<'line' | 'unknown'> {
  const { about, card, view } = on
  const attempt = about.tries?.[card.conversation]?.times ?? 0
  const delivery = `reminding:${about.request}:${about.nth}:${card.conversation}:${attempt}`
  const name = `remind ${about.request} ${about.nth} ${card.conversation}`
  const { mentions, spared } = await whomToCall(ports, { view, sources: setsAsked(view), name })
  const begun = await ports.store.commit({ entries: [], delivery, mentions })
  if (begun === 'duplicate') return 'unknown'
  if (begun === 'conflict') throw cardMoved()
  try {
    await channel.remind(card, withSpared(view, spared))
    return 'line'
  } catch (fault) {
    if (fault instanceof ChannelFault && fault.unknown) return 'unknown'
    throw fault
  }
}

/**
 * Where this was done, or another has reminded of the same just now: what asks the same is reminded of by each that waits, since they are
 * asked at different times, and never sooner than policy wants a first reminder.
 */
async function remindedAlready(
  ports: Ports,
  { lines = [], request: { requirement, set } }: RequestView,
  about: Reminder,
): Promise<ReadonlySet<unknown>> {
  const sent = (await ports.store.entries(about.request)).filter(({ type }) => type === 'reminder.sent')
  const own = sent.filter(({ data }) => data.nth === about.nth)
  const others = set ? [] : lines.filter(({ request }) => request.id !== about.request)
  const first = requirement?.notify.remindAfterSeconds[0] ?? 0
  const since = new Date(ports.clock().getTime() - first * 1_000).toISOString()
  const theirs = await Promise.all(others.map(({ request }) => ports.store.entries(request.id)))
  const lately = theirs.flat().filter(({ type, ts }) => type === 'reminder.sent' && ts > since)
  return new Set([...own, ...lately].map((entry) => entry.data.conversation))
}

async function recordReminded(
  ports: Ports,
  sent: {
    readonly view: RequestView
    readonly about: Reminder
    readonly conversation: string
    readonly by: 'line' | 'new card' | 'unknown'
  },
): Promise<void> {
  const { view, about, conversation, by } = sent
  const { request } = view.lines?.find((line) => line.request.id === about.request) ?? view
  const open = (view.lines ?? [view]).flatMap(({ request: { state, requirement }, filled }) =>
    state === 'pending'
      ? (requirement?.legs ?? []).filter((leg) => (filled.get(leg.name)?.length ?? 0) < leg.count)
      : [],
  )
  const entry = requestEntry(ports, request, {
    type: 'reminder.sent',
    actor: { kind: 'system', id: 'reminder', via: 'clock' },
    data: { nth: about.nth, conversation, by, legs: [...new Set(open.map((leg) => leg.name))] },
  })
  await ports.store.commit({
    entries: [entry],
    delivery: `remind:${request.id}:${about.nth}:${conversation}`,
  })
}
