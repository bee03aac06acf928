import { answerBy } from '../../core/note.ts'
import type { Channel } from '../channelPort.ts'
import { viewOf } from '../inspect.ts'
import { accountToTell } from '../people/accountToTell.ts'
import type { Ports } from '../ports.ts'
import { everywhere, refuseUndelivered } from './everywhere.ts'

/**
 * Puts a question to the person on whose behalf the agent asks, while their answer can still be of use. Where the channel refuses, the
 * job waits again: the question stands on the card meanwhile. One whose own answer was lost is put once more, because better twice than never.
 *
 * @throws Undelivered
 */
export async function putQuestion(
  ports: Ports,
  channel: Channel,
  { request: id, note }: { readonly request: string; readonly note: string },
): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.state !== 'pending') return
  if (!request.notes?.some((one) => one.id === note && one.kind === 'question')) return
  if (answerBy(request.notes, { to: note, side: 'initiator' })) return
  const account = await accountToTell(ports, request.initiator.person)
  if (account === null) return
  const view = await viewOf(ports, request)
  const failures = await everywhere([account], () => channel.question(account, view, note))
  refuseUndelivered(failures)
}
