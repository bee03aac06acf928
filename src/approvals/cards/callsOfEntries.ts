import { withSpared } from '../../card/spared.ts'
import type { RequestView } from '../../card/view.ts'
import type { Entry } from '../../ledger/entry.ts'
import type { Ports } from '../ports.ts'
import type { Card } from '../records.ts'
import { cardMoved } from './everywhere.ts'
import { whomToCall } from './whomToCall.ts'

/** So often is it looked up anew whom there is room for; others may have called them in between. */
const looks = 3

/**
 * The view for a message in the thread, once it is counted whom it calls: those who were brought in, while that helps. What a person escalates
 * calls in any case; what the time escalates is asked by the agent, and has its bounds.
 */
export async function withCalls(
  ports: Ports,
  {
    card,
    view,
    entries,
  }: { readonly card: Card; readonly view: RequestView; readonly entries: readonly Entry[] },
): Promise<RequestView> {
  const brought = entries.flatMap((entry) => broughtIn(view, entry))
  const [first] = entries
  if (!first || brought.length === 0) return view
  const name = `tell ${card.id} ${first.id}`
  for (let look = 1; look <= looks; look += 1) {
    const byPerson = brought.filter(({ by }) => by !== 'deadline').map(({ to }) => to)
    const called = new Set(byPerson.map(({ address }) => address))
    const inTime = brought.map(({ to }) => to).filter(({ address }) => !called.has(address))
    const always = await whomToCall(ports, { view, sources: byPerson, name, unbounded: true })
    const { mentions, spared } = await whomToCall(ports, { view, sources: inTime, name })
    const counted = new Set(always.mentions.map(({ account }) => account))
    const all = [...always.mentions, ...mentions.filter(({ account }) => !counted.has(account))]
    if (all.length === 0) return withSpared(view, spared)
    const committed = await ports.store.commit({ mentions: all, entries: [] })
    if (committed !== 'conflict') return withSpared(view, spared)
  }
  throw cardMoved()
}

function broughtIn(view: RequestView, { type, request: id, data }: Entry) {
  if (type !== 'request.escalated') return []
  const about = (view.lines ?? [view]).find(({ request }) => request.id === id)?.request
  const one = about?.escalations.find((_, nth) => nth === data.nth)
  return about?.state === 'pending' && one ? [one] : []
}
