import type { Channel } from '../channelPort.ts'
import { awaitRoom } from '../crowds/awaitRoom.ts'
import type { Tries } from '../job.ts'
import type { Ports } from '../ports.ts'
import { missPreview } from '../previews/make.ts'
import { previewerFor } from '../previews/wanted.ts'
import type { ToldRequest } from '../queries.ts'
import { refreshJob } from '../settle.ts'
import { writeDirectly } from './direct.ts'
import { everywhere, refuseUndelivered } from './everywhere.ts'
import { linesOf, wantsCard } from './lines.ts'
import { postedAmong, postedCards, retireUnanswered, showIn } from './refresh.ts'
import { catchUp, standCard } from './standCard.ts'
import { failuresBeforeDirect, isRefusal } from './tryAgain.ts'

/**
 * Posts a card for the request in every conversation that policy names, once each. Safe to run again.
 *
 * @throws Undelivered
 */
export function announce(ports: Ports, channel: Channel, id: string): Promise<void> {
  return announceAgain(ports, channel, { request: id })
}

/**
 * The same after what earlier tries met: what is posted stays, what is not is tried. Where a conversation goes on
 * refusing, people who can decide are written to directly; when it works again, its card is posted there all the same.
 *
 * @throws Undelivered
 */
export async function announceAgain(
  ports: Ports,
  channel: Channel,
  about: { readonly request: string; readonly own?: true; readonly tries?: Tries },
): Promise<void> {
  const { tries = {} } = about
  const first = await withPreview(ports, about.request)
  if (!first) return
  const { request, cards } = first
  if (!request.requirement) return
  // It shares the card of one that asks the same, which lists it from now on.
  if (request.alike) return void (await ports.store.commit({ entries: [], jobs: refreshJob(request) }))
  const asks = await wantsCard(ports, request)
  const retired = !asks && (await retireUnanswered(ports, channel, first))
  // An earlier run may have ended when it had posted a card, before it looked whether the request had moved on.
  const posted = retired ? await postedCards(ports, request.id) : postedAmong(cards)
  if (posted.size > 0) await catchUp(ports, request.id, posted.values())
  if (!asks) return
  let known: ToldRequest | null = first
  const failures = await everywhere(request.requirement.notify.channels, async (conversation) => {
    const before = tries[conversation]
    // A card that stands is looked after where something was refused before; elsewhere it costs nothing.
    if (before && (await showIn(ports, channel, { request, conversation }))) return
    if (!about.own) await awaitRoom(ports, { request, conversation })
    // A posting may have waited for its turn: what is posted after it is what is true then.
    known ??= (await ports.store.toldRequest(request.id)) ?? first
    const placing = { known, conversation, unsent: before?.unsent }
    known = null
    await standCard(ports, channel, placing)
  })
  for (const [conversation, { fault }] of [...failures]) {
    if (!isRefusal(fault) || (tries[conversation]?.failures ?? 0) + 1 < failuresBeforeDirect) continue
    const about = { request, conversation, code: fault.code, tries }
    for (const [person, failure] of await writeDirectly(ports, channel, about)) failures.set(person, failure)
  }
  refuseUndelivered(failures)
}

/** A first card that goes out before its preview is there says that it has none: nothing is added to what people see. */
async function withPreview(ports: Ports, id: string): Promise<ToldRequest | null> {
  const known = await ports.store.toldRequest(id)
  if (!known || known.cards.length > 0 || ports.previewers.length === 0) return known
  const waiting = (await linesOf(ports, known.request)).flatMap((request) => {
    const previewer = previewerFor(ports, request)
    return previewer ? [{ request, previewer }] : []
  })
  if (waiting.length === 0) return known
  for (const { request, previewer } of waiting) await missPreview(ports, request, previewer)
  return ports.store.toldRequest(id)
}
