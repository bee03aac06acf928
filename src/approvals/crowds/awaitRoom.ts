import type { ActionRequest } from '../../core/request.ts'
import { ChannelFault } from '../channelPort.ts'
import type { Job } from '../job.ts'
import type { Ports } from '../ports.ts'
import { heldBack } from './heldBack.ts'
import { isOver } from './records.ts'

/** Milliseconds in which a card has to stand for it: where none does by then, it gets its own, as if there were no crowd. */
const patience = 60_000

/** Milliseconds after which the crowd card is posted: whatever comes meanwhile is counted on it. */
const gatherMs = 2_000

/** Seconds after which a request looks for room again, and those that each one before it in the line adds. */
const looksAgain = { first: 5, each: 3, longest: 120 } as const

/**
 * Where so many cards were posted lately that people would read none of them, a request waits for room, and one card stands for all that do
 * (threats: flood). It can be decided meanwhile, from any list, under the same checks.
 *
 * @throws ChannelFault `not_yet` while it waits
 */
export async function awaitRoom(
  ports: Ports,
  { request, conversation }: { readonly request: ActionRequest; readonly conversation: string },
): Promise<void> {
  const now = ports.clock().getTime()
  const held = heldBack(await ports.store.askingIn(conversation), now)
  const place = held.findIndex(({ id }) => id === request.id)
  if (place < 0) return
  const card = await ports.store.crowdCard(conversation)
  // A conversation that does not take that card is to refuse this one, so that people hear of it otherwise.
  if (!card?.message && now > Date.parse(request.createdAt) + patience) return
  if (!card || isOver(card))
    await ports.store.commit({ entries: [], jobs: [crowdJob(conversation, gathered(now))] })
  const { first, each, longest } = looksAgain
  throw new ChannelFault({
    code: 'not_yet',
    message: 'so many cards stand there that one stands for the rest',
    unknown: false,
    retryAfterSeconds: Math.min(longest, first + each * place),
  })
}

/** The same moment for all that come within it, so that none puts it off. */
function gathered(now: number): number {
  return (Math.floor(now / gatherMs) + 1) * gatherMs
}

export function crowdJob(conversation: string, time: number): Extract<Job, { task: 'crowd' }> {
  return { task: 'crowd', conversation, at: new Date(time).toISOString() }
}
