import type { KnownBlock } from '@slack/types'
import { viewOf } from '../../approvals/inspect.ts'
import { orphanedAgentsFor } from '../../approvals/people/orphanedAgents.ts'
import { mostCounted, type OwnAgent, ownAgentsOf } from '../../approvals/people/ownAgents.ts'
import { isTrustedWithAll } from '../../approvals/people/trusted.ts'
import type { Ports } from '../../approvals/ports.ts'
import { settledBy } from '../../approvals/settledBy.ts'
import { shownStops } from '../../approvals/stops/shown.ts'
import { stopPassages } from '../../card/stops.ts'
import { listingOf } from '../../channels/listing.ts'
import { rowsOf } from '../../channels/lists.ts'
import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { SlackContext } from '../context.ts'
import { context, header, mrkdwn, plain, section } from '../text/blocks.ts'
import { blocksOf } from '../text/spans.ts'
import { delegationBlocks } from './delegations.ts'
import { houseBlocks } from './houseBlocks.ts'
import { listBlocks, rowBlocks } from './lists.ts'
import { orphanedBlocks } from './orphaned.ts'

/** Slack draws no more of a Home. */
const mostBlocks = 100

/** What somebody's Home shows: what waits for them, what they asked for, their agents, what they decided lately. */
export async function homeBlocks(
  slack: Pick<SlackContext, 'house'>,
  ports: Ports,
  account: Account,
): Promise<KnownBlock[]> {
  if (whyNotStaff(account))
    return [section(plain('Only active, full members of this workspace take part in approvals.'))]
  const help = 'Type `/approvals` anywhere for the same list, `/approvals help` for everything else.'
  const [listing, own, settled, orphaned, stopped, delegations, house] = await Promise.all([
    listingOf(ports, account),
    ownAgentsOf(ports, account),
    settledBlocks(ports, account),
    orphanedAgentsFor(ports, account),
    stoppedBlocks(ports),
    delegationBlocks(ports, account),
    houseFor(slack, ports, account),
  ])
  const blocks = [
    ...stopped,
    ...delegations,
    ...listBlocks(listing),
    ...agentBlocks(own),
    ...settled,
    ...orphanedBlocks(orphaned),
    ...house,
  ]
  return [...blocks.slice(0, mostBlocks - 2), context(mrkdwn(help))]
}

/** How the server is, for administrators: whom the policy names as auditors or under `stop.who`. */
async function houseFor(
  { house }: Pick<SlackContext, 'house'>,
  ports: Ports,
  account: Account,
): Promise<KnownBlock[]> {
  try {
    return (await isTrustedWithAll(ports, account)) ? houseBlocks(await house()) : []
  } catch (refusal) {
    if (refusal instanceof Refusal) return []
    throw refusal
  }
}

function agentBlocks({ agents, more }: Awaited<ReturnType<typeof ownAgentsOf>>): KnownBlock[] {
  if (agents.length === 0) return []
  const rest = more > 0 ? [`and ${more} more`] : []
  return [header('Your agents'), context(plain([...agents.map(agentLine), ...rest].join('\n')))]
}

function agentLine({ name, status, waiting, running }: OwnAgent): string {
  if (status === 'unconfirmed') return `${name}: not confirmed by everybody yet, so it can do nothing`
  const counted = (count: number) => (count === mostCounted ? `${count} or more` : String(count))
  const open = [
    ...(waiting > 0 ? [`${counted(waiting)} waiting for people`] : []),
    ...(running > 0 ? [`${counted(running)} running`] : []),
  ]
  return `${name}: active, ${open.length > 0 ? open.join(', ') : 'nothing open'}`
}

/** So many of those that somebody decided lately. */
const shownSettled = 4

async function settledBlocks(ports: Ports, account: Account): Promise<KnownBlock[]> {
  const requests = await settledBy(ports, account, shownSettled)
  if (requests.length === 0) return []
  const views = await Promise.all(requests.map((one) => viewOf(ports, one)))
  return [header('Settled, with your decision'), ...rowBlocks(rowsOf(views, ports.clock().getTime()))]
}

/** So many are shown, the oldest first; the rest is counted. */
const shownStopped = 3

/** What is stopped, above everything else; nothing when nothing is. */
async function stoppedBlocks(ports: Ports): Promise<KnownBlock[]> {
  const { stops } = await ports.stops.standing()
  if (stops.length === 0) return []
  const shown = await shownStops(ports.store, stops.slice(0, shownStopped))
  const more = stops.length - shown.length
  return [
    header('Stopped'),
    ...blocksOf(new Map(), stopPassages(shown)),
    ...(more > 0 ? [context(plain(`and ${more} more: /approvals stops`))] : []),
  ]
}
