import type { KnownBlock } from '@slack/types'
import { orphanedAgentsFor } from '../../approvals/people/orphanedAgents.ts'
import { shownStops } from '../../approvals/stops/shown.ts'
import { stopPassages } from '../../card/stops.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { SlackContext } from '../context.ts'
import { noteRefusal } from '../noteRefusal.ts'
import { slackFault } from '../outbound/fault.ts'
import { textFor } from '../text/answers.ts'
import { context, header, mrkdwn, plain, section } from '../text/blocks.ts'
import { blocksOf } from '../text/spans.ts'
import { listBlocks, listFor } from './listing.ts'
import { orphanedBlocks } from './orphaned.ts'
import { accountOf } from './requestModals.ts'

/** Publishes somebody's Home: what waits for them, what they asked for. Never rejects. */
export async function publishHome(slack: SlackContext, user: string): Promise<void> {
  const blocks = await homeBlocks(slack, user).catch((error: unknown) => {
    noteRefusal(slack, 'home', { user, request: null, error })
    return [section(mrkdwn(textFor(error, 'looking')))]
  })
  try {
    await slack.clicks.views.publish({ user_id: user, view: { type: 'home', callback_id: 'home', blocks } })
  } catch (error) {
    slack.log.warn({ code: slackFault(error).code }, 'a Home could not be published')
  }
}

async function homeBlocks(slack: SlackContext, user: string) {
  const account = await accountOf(slack, user)
  if (whyNotStaff(account))
    return [section(plain('Only active, full members of this workspace take part in approvals.'))]
  const help = 'Type `/approvals` anywhere for the same list, `/approvals help` for everything else.'
  const [listing, orphaned, stopped] = await Promise.all([
    listFor(slack, user, account),
    orphanedAgentsFor(slack.ports, account),
    stoppedBlocks(slack),
  ])
  return [...stopped, ...listBlocks(listing), ...orphanedBlocks(orphaned), context(mrkdwn(help))]
}

/** So many are shown, the oldest first; the rest is counted. */
const shownStopped = 3

/** What is stopped, above everything else; nothing when nothing is. */
async function stoppedBlocks({ ports }: SlackContext): Promise<KnownBlock[]> {
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
