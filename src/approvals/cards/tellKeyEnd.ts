import type { Channel } from '../channelPort.ts'
import { accountToTell } from '../people/accountToTell.ts'
import type { KeyEndJob } from '../people/keyEnds.ts'
import type { Ports } from '../ports.ts'

/** Milliseconds after its end for which it is still worth telling. */
const triedFor = 24 * 3_600_000

/**
 * Tells the owner of an agent, as they are now, that a key of it is about to expire, or has. One that was revoked meanwhile has
 * nobody to surprise. Told once; when the answer of the channel was lost, twice rather than never.
 *
 * @throws ChannelFault, and the job is tried again
 */
export async function tellKeyEnd(
  ports: Ports,
  channel: Channel,
  { key: id, stage }: Pick<KeyEndJob, 'key' | 'stage'>,
): Promise<void> {
  const found = await ports.store.key(id)
  if (!found || found.key.expiresAt === null) return
  const { key, agent } = found
  if (agent.status === 'revoked' || key.status === 'revoked') return
  const end = Date.parse(found.key.expiresAt)
  const now = ports.clock().getTime()
  if (now >= (stage === 'soon' ? end : end + triedFor)) return
  const account = await accountToTell(ports, agent.owner)
  if (account === null) return
  const others = (await ports.store.keysOf(agent.id)).filter(
    (one) =>
      one.id !== id && one.status === 'active' && (one.expiresAt === null || Date.parse(one.expiresAt) > end),
  )
  const told = { agent: agent.name, key: id, expiresAt: found.key.expiresAt, stage, others: others.length }
  await channel.tellKeyEnd(account, told)
}
