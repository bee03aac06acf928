import { whyNotStaff } from '../core/staff.ts'
import { textFor } from './answers.ts'
import { context, mrkdwn, plain, section } from './blocks.ts'
import type { Desk } from './desk.ts'
import { slackFault } from './fault.ts'
import { listBlocks, listFor } from './listing.ts'
import { accountOf } from './requestModals.ts'

/** Publishes somebody's Home: what waits for them, what they asked for. Never rejects. */
export async function publishHome(desk: Desk, user: string): Promise<void> {
  const blocks = await homeBlocks(desk, user).catch((error: unknown) => [section(mrkdwn(textFor(error)))])
  try {
    await desk.clicks.views.publish({ user_id: user, view: { type: 'home', callback_id: 'home', blocks } })
  } catch (error) {
    desk.log.warn({ code: slackFault(error).code }, 'a Home could not be published')
  }
}

async function homeBlocks(desk: Desk, user: string) {
  const account = await accountOf(desk, user)
  if (whyNotStaff(account))
    return [section(plain('Only active, full members of this workspace take part in approvals.'))]
  const help = 'Type `/approvals` anywhere for the same list, `/approvals help` for what else there is.'
  return [...listBlocks(await listFor(desk, account)), context(mrkdwn(help))]
}
