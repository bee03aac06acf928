import type { Confirmation } from '../../core/confirmation.ts'
import type { Channel } from '../channelPort.ts'
import type { Job } from '../job.ts'
import { confirmationEntry } from '../people/askToConfirm.ts'
import { ownAccountsOf } from '../people/currentPeople.ts'
import type { Ports } from '../ports.ts'

/** As many as are told: an alarm is for those who can do something about it. */
const mostTold = 12

/**
 * Somebody says that what was claimed in their name was not them: somebody with a shell acts for others. Told to everybody
 * whom the policy wants to be told of an emergency, to the owner of the agent it was about, and to the others who were
 * asked: each by a job of their own, so that an address which refuses neither keeps others from hearing it nor makes them
 * hear it again. One whose answer was lost is told twice rather than never; after a day it is given up.
 *
 * @throws ChannelFault, and the job is tried again
 */
export async function disownedAlarm(
  ports: Ports,
  channel: Channel,
  about: { readonly confirmation: string; readonly address?: string },
): Promise<void> {
  const { confirmation: id, address } = about
  const confirmation = await ports.store.confirmation(id)
  if (confirmation?.state !== 'disowned') return
  if (address === undefined) {
    const addresses = await addressesFor(ports, confirmation)
    const jobs = addresses.map((one): Job => ({ task: 'disowned', confirmation: id, address: one }))
    await ports.store.commit({ entries: [], jobs, delivery: `disowned:${id}` })
    return
  }
  if (ports.clock().getTime() > Date.parse(confirmation.until) + triedFor) return
  await channel.soundDisowned(address, confirmation)
  const entry = confirmationEntry(ports, confirmation, {
    type: 'alarm.sent',
    actor: { kind: 'system', id: 'alarm', via: 'job' },
    data: { why: 'disowned', address },
  })
  await ports.store.commit({ entries: [entry], delivery: `disowned:${id}:${address}` })
}

/** Milliseconds after the end of the claim's own time. */
const triedFor = 24 * 3_600_000

/** Addresses as the policy writes them, and keys of accounts. */
async function addressesFor(ports: Ports, confirmation: Confirmation): Promise<readonly string[]> {
  const alarms = (ports.policy()?.rules ?? []).flatMap(({ breakGlass }) => breakGlass?.notify ?? [])
  const disowned = confirmation.asked.filter(({ answer }) => answer === 'disowned')
  const others = confirmation.asked.filter(({ answer }) => answer !== 'disowned')
  const people = [...others.map(({ account }) => account), ...(await ownerOf(ports, confirmation))]
  const told = people.filter((account) => disowned.every((one) => one.account !== account))
  return [...new Set([...alarms, ...told])].slice(0, mostTold)
}

/** Of the agent, when a key or a hand-over of it was claimed. */
async function ownerOf(ports: Ports, { what }: Confirmation): Promise<readonly string[]> {
  const agent = what.kind === 'key' || what.kind === 'owner' ? await ports.store.agent(what.agent) : null
  const accounts = agent ? await ownAccountsOf(ports, agent.owner) : []
  return accounts.slice(0, 1).map(({ id }) => id)
}
