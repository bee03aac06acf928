import { createHash } from 'node:crypto'
import type { Crowd } from '../../card/crowd.ts'
import type { Source } from '../../core/requirement.ts'
import { type Channel, ChannelFault } from '../channelPort.ts'
import type { Job } from '../job.ts'
import { requestEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import { crowdJob } from './awaitRoom.ts'
import { crowdCalls } from './calls.ts'
import { heldBack } from './heldBack.ts'
import { type AskingIn, type CrowdCard, crowdOver, isOver } from './records.ts'

/** Milliseconds between two looks: so old may be what it says. */
const lookEvery = 5_000

/** Milliseconds for which a card that is over takes up the next crowd: one that comes and goes posts no message each time. */
const lingers = 600_000

/** As many entries are written with one look; the others come with the next. */
const entriesAtOnce = 50

/**
 * Keeps the crowd card of a conversation true, until nothing waits there any more: posts it, changes it when it says something else by now,
 * and looks again a little later. The next look is put down before anything is shown, and the card names it: of two that look after the same
 * card one finds that it is not its turn and ends. A posting whose answer was lost is posted again; the first click on what it left makes that
 * say so. Resolves to what the channel refused, for the log.
 */
export async function keepCrowd(
  ports: Ports,
  channel: Channel,
  { conversation, at }: { readonly conversation: string; readonly at: string },
): Promise<ChannelFault | null> {
  const card = await ports.store.crowdCard(conversation)
  if (card && !isTurn(card, at)) return null
  const now = ports.clock().getTime()
  const asking = await ports.store.askingIn(conversation)
  const held = heldBack(asking, now)
  await bringForward(ports, asking, held)
  if (held.length === 0) return card ? endCrowd(ports, channel, card) : null
  const next = crowdJob(conversation, now + lookEvery)
  await ports.store.commit({ entries: [], jobs: [next] })
  const begun = await advance(ports, card, {
    ...(card ?? { id: conversation, message: null, shown: null, reminded: false }),
    next: next.at,
  })
  return begun ? show(ports, channel, { card: begun, held }) : null
}

/** Of one that is over, the look that somebody who waits again has put down comes before its own. */
function isTurn(card: CrowdCard, at: string): boolean {
  return card.next === at || (isOver(card) && at < card.next)
}

/** Those that have room by now need not wait until they look for it. */
async function bringForward(
  ports: Ports,
  asking: readonly AskingIn[],
  held: readonly AskingIn[],
): Promise<void> {
  const free = asking.filter((one) => one.listed && one.postedAt === null && !held.includes(one))
  const jobs = free.map(({ id }): Job => ({ task: 'announce', request: id }))
  if (jobs.length > 0) await ports.store.commit({ entries: [], jobs })
}

interface Held {
  readonly card: CrowdCard
  readonly held: readonly AskingIn[]
}

async function show(ports: Ports, channel: Channel, { card, held }: Held): Promise<ChannelFault | null> {
  const crowd = crowdOf(held)
  const shown = createHash('sha256').update(JSON.stringify(crowd)).digest('hex')
  try {
    const message = await standing(ports, channel, { card, crowd, shown })
    const noted =
      message === card.message && shown === card.shown
        ? card
        : await advance(ports, card, { ...card, message, shown })
    // Another run took over meanwhile, and knows nothing of this message.
    if (!noted) return message === card.message ? null : sayOver(channel, { conversation: card.id, message })
    await recordListed(ports, { card: noted, held })
    await remindOnce(ports, channel, { card: noted, held })
    return null
  } catch (fault) {
    if (!(fault instanceof ChannelFault)) throw fault
    // What cannot be changed stands for nobody any more: those that it stood for are not held back by it.
    const passes =
      ['not_yet', 'rate_limited', 'channel_away'].includes(fault.code) || (fault.unknown && !fault.gone)
    if (!passes && card.message !== null) await advance(ports, card, { ...card, message: null, shown: null })
    return fault
  }
}

/** Resolves to its message. Only the first showing calls people. */
async function standing(
  ports: Ports,
  channel: Channel,
  { card, crowd, shown }: { readonly card: CrowdCard; readonly crowd: Crowd; readonly shown: string },
): Promise<string> {
  const { id: conversation, message } = card
  if (message === null) return channel.postCrowd(conversation, await calling(ports, card, crowd))
  if (shown !== card.shown)
    await channel.showCrowd({ conversation, message }, { ...crowd, needed: [], named: crowd.needed })
  return message
}

/** Nothing waits there any more: the card says so, and goes when nothing has come for a while. A fault is thrown, and the same job tries again. @throws ChannelFault */
async function endCrowd(ports: Ports, channel: Channel, card: CrowdCard): Promise<null> {
  const { id: conversation, message } = card
  if (message === null || isOver(card)) {
    await ports.store.dropCrowdCard(card)
    return null
  }
  const fault = await sayOver(channel, { conversation, message })
  if (fault) throw fault
  const last = crowdJob(conversation, ports.clock().getTime() + lingers)
  await ports.store.commit({ entries: [], jobs: [last] })
  await advance(ports, card, { ...card, shown: crowdOver, reminded: false, next: last.at })
  return null
}

/** A message that is gone says nothing that is not true. */
async function sayOver(
  channel: Channel,
  at: { readonly conversation: string; readonly message: string },
): Promise<ChannelFault | null> {
  try {
    await channel.showCrowd(at, null)
    return null
  } catch (fault) {
    if (fault instanceof ChannelFault) return fault.gone ? null : fault
    throw fault
  }
}

/** A message that looks like a crowd card and is none, or none any more, says so. @throws ChannelFault */
export async function strayCrowd(
  ports: Ports,
  channel: Channel,
  at: { readonly conversation: string; readonly message: string },
): Promise<void> {
  const card = await ports.store.crowdCard(at.conversation)
  if (card?.message === at.message) return
  const fault = await sayOver(channel, at)
  if (fault) throw fault
}

async function advance(
  ports: Ports,
  card: CrowdCard | null,
  change: Omit<CrowdCard, 'version'>,
): Promise<CrowdCard | null> {
  const expected = card?.version ?? null
  const next: CrowdCard = { ...change, version: (expected ?? 0) + 1 }
  return (await ports.store.keepCrowdCard({ expected, next })) ? next : null
}

/** Whoever is asked by a card that stands for many is asked all the same: the record of each says where. */
async function recordListed(ports: Ports, { card, held }: Held): Promise<void> {
  const fresh = held.filter(({ listed }) => !listed).slice(0, entriesAtOnce)
  const requests = await ports.store.requestsOf(fresh.map(({ id }) => id))
  const entries = requests.map((request) =>
    requestEntry(ports, request, {
      type: 'card.listed',
      actor: { kind: 'system', id: 'announce', via: 'job' },
      data: { conversation: card.id, message: card.message },
    }),
  )
  if (entries.length > 0) await ports.store.commit({ entries })
}

/** Noted before it is sent: of two evils, a reminder that is missing is the smaller. */
async function remindOnce(ports: Ports, channel: Channel, { card, held }: Held): Promise<void> {
  const now = ports.clock().toISOString()
  if (card.reminded || card.message === null) return
  if (!held.some(({ remindAt }) => remindAt !== null && remindAt <= now)) return
  if (await advance(ports, card, { ...card, reminded: true }))
    await channel.remindCrowd(
      { conversation: card.id, message: card.message },
      await calling(ports, card, crowdOf(held)),
    )
}

/** With whom the message calls that one look sends. */
async function calling(ports: Ports, { id, next }: CrowdCard, crowd: Crowd): Promise<Crowd> {
  const { needed } = crowd
  const called = await crowdCalls(ports, { needed, name: `crowd ${id} ${next}` })
  const isCalled = ({ address }: Source) => called.includes(address)
  return { ...crowd, needed: needed.filter(isCalled), named: needed.filter((one) => !isCalled(one)) }
}

function crowdOf(held: readonly AskingIn[]): Crowd {
  const times = new Map<string, number>()
  for (const { agent } of held) times.set(agent, (times.get(agent) ?? 0) + 1)
  const sources = held.flatMap(({ from }) => from)
  return {
    waiting: held.length,
    agents: [...times].sort(([, a], [, b]) => b - a).map(([name, count]) => ({ name, count })),
    endsFirst: held[0]?.expiresAt ?? '',
    needed: sources.filter(({ address }, nth) => sources.findIndex((one) => one.address === address) === nth),
  }
}
