import type { Asked, Confirmation } from '../../core/confirmation.ts'
import type { AccountKey } from '../../core/identity.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import { linkCodeOf } from '../people/linkByCode.ts'
import type { Ports } from '../ports.ts'
import { everywhere } from './everywhere.ts'

/**
 * Shows everybody who is asked how a claim stands: posts the message of whoever has none while it is open, and makes the
 * others say what has become of it. Safe to run again. A message whose posting was never recorded does not count, so
 * another one asks.
 *
 * @throws ChannelFault, and the job is tried again; somebody who cannot be written to does not keep the others from it
 */
export async function showConfirmation(ports: Ports, channel: Channel, id: string): Promise<void> {
  const confirmation = await ports.store.confirmation(id)
  if (!confirmation) return
  const accounts = confirmation.asked.map(({ account }) => account)
  const failures = await everywhere(accounts, (account) => showTo(ports, channel, { id, account }))
  for (const { fault } of failures.values()) throw fault
}

async function showTo(
  ports: Ports,
  channel: Channel,
  { id, account }: { readonly id: string; readonly account: AccountKey },
): Promise<void> {
  const confirmation = await ports.store.confirmation(id)
  const asked = confirmation?.asked.find((one) => one.account === account)
  if (!confirmation || !asked) return
  const needsMessage = asked.message === null && asked.answer === null && confirmation.state === 'waiting'
  if (asked.message === null && !needsMessage) return
  try {
    const code = hasCode(asked, confirmation) ? linkCodeOf(ports, confirmation) : null
    const message = await channel.askToConfirm(asked, confirmation, code)
    if (asked.message === null) await noteMessage(ports, { id, account, message })
  } catch (fault) {
    // They deleted it: nothing is left that could say something wrong.
    if (!(fault instanceof ChannelFault && fault.gone)) throw fault
  }
}

function hasCode({ code, answer }: Asked, { state }: Confirmation): boolean {
  return code !== undefined && answer === null && state === 'waiting'
}

/** Where the message stands: only there its buttons count. */
async function noteMessage(
  ports: Ports,
  posted: { readonly id: string; readonly account: AccountKey; readonly message: string },
): Promise<void> {
  const now = await ports.store.confirmation(posted.id)
  if (!now) return
  const asked = now.asked.map((one) =>
    one.account === posted.account ? { ...one, message: posted.message } : one,
  )
  const next = { ...now, version: now.version + 1, asked }
  const committed = await ports.store.commit({
    confirmations: [{ expected: now.version, next }],
    entries: [],
    // Ended while it was posted: then it has to say so.
    jobs: now.state === 'waiting' ? [] : [{ task: 'confirm', confirmation: now.id }],
  })
  if (committed === 'conflict') await noteMessage(ports, posted)
}
