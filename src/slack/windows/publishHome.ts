import type { KnownBlock } from '@slack/types'
import { z } from 'zod'
import { ChannelFault } from '../../approvals/channelPort.ts'
import { idsOf } from '../../approvals/lists.ts'
import type { Ports } from '../../approvals/ports.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { accountAt } from '../../channels/seeing.ts'
import type { Account, PersonId } from '../../core/identity.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { SlackContext } from '../context.ts'
import { slackFault } from '../outbound/fault.ts'
import { textFor } from '../text/answers.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { time } from '../text/mrkdwn.ts'
import { homeBlocks } from './home.ts'
import { knowing, notingFaults } from './steadyDirectory.ts'

/** Milliseconds between two publications of one Home because of what others do (decision 13). */
export const homePace = 10_000

/** Milliseconds for which whoever looks is not looked up again. */
const accountKept = 600_000

/** Milliseconds after a failure: twice as many with each, up to the last. */
const longestWait = 300_000

/** So often a Home that could not be made for certain is tried again before it is shown with a word of that. */
const unsureTries = 2

/** A Home that somebody has opened. Times are milliseconds of a clock that only grows. */
export interface KeptHome {
  readonly user: string
  openedAt: number
  /** Null before it was made for the first time, and when Slack said that something about them changed. */
  account: { readonly found: Account; readonly at: number } | null
  /** Every id that is theirs. */
  people: ReadonlySet<PersonId>
  /** What Slack said of the view that stands there; null when that is not known. */
  hash: string | null
  /** What stands there, but for when that was. */
  shown: string | null
  /** Its person opened it, or did something in it, and waits. */
  byHand: boolean
  /** Something changed since it was made. */
  dirty: boolean
  /** It is not published before. */
  notBefore: number
  /** When it was last made. */
  madeAt: number
  failures: number
}

export function openedHome(user: string, now: number): KeptHome {
  return {
    ...{ user, openedAt: now, account: null, people: new Set<PersonId>(), hash: null, shown: null },
    ...{ byHand: true, dirty: true, notBefore: now, madeAt: now, failures: 0 },
  }
}

/** What publishing works with. `steady` remembers accounts, for what is shown because somebody else did something. */
export interface Publishing {
  readonly slack: SlackContext
  readonly steady: Ports
  readonly now: () => number
}

/**
 * Makes a Home anew and publishes it, where it is another than what stands there. What changes meanwhile makes it dirty again, so
 * that the newest state comes last. Never rejects: what fails is tried again later, and its person's Home stands as it was.
 */
export async function publishHome(by: Publishing, home: KeptHome): Promise<void> {
  const { byHand } = home
  home.byHand = false
  home.dirty = false
  home.madeAt = by.now()
  home.notBefore = Math.max(home.notBefore, by.now() + homePace)
  const made = await makeHome(by, home, byHand)
  if (!made) return tryLater(by, home)
  if (made.isUnsure) {
    tryLater(by, home)
    if (!byHand && home.failures <= unsureTries) return
  }
  const shown = JSON.stringify(made)
  if (!byHand && shown === home.shown) return
  await publish(by, home, { ...made, shown, byHand })
}

interface Made {
  readonly blocks: readonly KnownBlock[]
  /** Something could not be found out, so something may be missing. */
  readonly isUnsure: boolean
}

/** Null where it could not be made; to whoever waits for it that is said. */
async function makeHome(
  { slack, steady, now }: Publishing,
  home: KeptHome,
  byHand: boolean,
): Promise<Made | null> {
  let isUnsure = false
  try {
    if (byHand) slack.countLook(home.user)
    if (byHand || !home.account || now() - home.account.at > accountKept)
      home.account = { found: await accountAt(slack.ports, slack.address(home.user)), at: now() }
    const { found } = home.account
    const from = byHand ? slack.ports : steady
    const known = byHand ? from.directory : knowing(from.directory, found)
    const directory = notingFaults(known, () => {
      isUnsure = true
    })
    const ports = { ...from, directory }
    // Nobody else is written down for having looked.
    home.people = whyNotStaff(found) ? new Set() : await idsOf(ports, found)
    return { blocks: await homeBlocks(slack, ports, found), isUnsure }
  } catch (error) {
    noteRefusal(slack, 'home', { account: slack.address(home.user), request: null, error })
    return byHand ? { blocks: [section(mrkdwn(textFor(error, 'looking')))], isUnsure: true } : null
  }
}

const published = z.object({ view: z.object({ hash: z.string() }) })

async function publish(
  { slack, now }: Publishing,
  home: KeptHome,
  made: Made & { readonly shown: string; readonly byHand: boolean },
): Promise<void> {
  const { user, hash } = home
  const view = {
    type: 'home' as const,
    callback_id: 'home',
    blocks: [...made.blocks, ...footer(slack, made)],
  }
  const call = () =>
    slack.clicks.views.publish({ user_id: user, view, ...(hash !== null && !made.byHand && { hash }) })
  try {
    // Whoever waits goes first; all others at the pace that Slack lets us have.
    const turn = {
      method: 'views.publish',
      conversation: `home of ${user}`,
      who: user,
      urgency: home.openedAt,
    }
    const answer = published.parse(await (made.byHand ? call() : slack.channel.pace.take(turn, call)))
    home.hash = answer.view.hash
    home.shown = made.shown
    home.notBefore = Math.max(home.notBefore, now() + homePace)
    if (!made.isUnsure) home.failures = 0
  } catch (error) {
    failed({ slack, now }, home, error)
  }
}

function footer({ ports }: SlackContext, { isUnsure }: Made): KnownBlock[] {
  const asOf = mrkdwn(`As of ${time(ports.clock().toISOString())}`)
  const missing = 'Not everything could be found out just now, so something may be missing here.'
  return [context(asOf, ...(isUnsure ? [plain(missing)] : []))]
}

/** Another server published since, so a moment ago: it is looked again, once, when as much time has passed as between any two. */
function failed({ slack, now }: Pick<Publishing, 'slack' | 'now'>, home: KeptHome, error: unknown): void {
  const { code, retryAfterSeconds } = error instanceof ChannelFault ? error : slackFault(error)
  home.dirty = true
  home.hash = null
  home.shown = null
  if (code === 'hash_conflict') {
    home.notBefore = now() + homePace
    return
  }
  // A place in the line is no failure.
  if (code !== 'not_yet') {
    home.failures += 1
    slack.log.warn({ code, account: slack.address(home.user) }, 'a Home could not be published')
  }
  home.notBefore = now() + (retryAfterSeconds === null ? waitOf(home) : retryAfterSeconds * 1_000)
}

function tryLater({ now }: Pick<Publishing, 'now'>, home: KeptHome): void {
  home.dirty = true
  home.failures += 1
  home.notBefore = now() + waitOf(home)
}

function waitOf({ failures }: KeptHome): number {
  return Math.min(longestWait, homePace * 2 ** Math.max(0, Math.min(failures, 10) - 1))
}
