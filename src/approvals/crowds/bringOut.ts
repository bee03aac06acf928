import { carrierOf } from '../../core/set.ts'
import type { Ports } from '../ports.ts'

/**
 * Somebody opens a request for which only the crowd card of its conversation stands: from now on it has a card of its own, for what is said
 * and done about it. Costs a look where there is no crowd, and nothing where it does not wait.
 */
export async function bringOut(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.state !== 'pending' || !request.requirement) return
  const { channels } = request.requirement.notify
  const crowds = await Promise.all(channels.map((one) => ports.store.crowdCard(one)))
  if (crowds.every((one) => one === null)) return
  const carrier = carrierOf(request)
  const cards = (await ports.store.cards(carrier)).filter(({ status }) => status === 'posted')
  if (channels.every((one) => cards.some(({ conversation }) => conversation === one))) return
  await ports.store.commit({ entries: [], jobs: [{ task: 'announce', request: carrier, own: true }] })
}
