import { type Identities, identitiesOf } from '../../approvals/people/identities.ts'
import { enterLinkCode, linkCodes, sendLinkCode } from '../../approvals/people/linkByCode.ts'
import { accountAt, staffAt } from '../../channels/seeing.ts'
import { Refusal } from '../../core/refusal.ts'
import { refuseUnlessStaff, whyNotStaff } from '../../core/staff.ts'
import { asTyped, typedAddress } from '../address.ts'
import type { SlackContext } from '../context.ts'
import { context, header, mrkdwn, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { aboutLinking, accountSaid, linkForm } from '../windows/linkForm.ts'
import { openModal } from '../windows/openWindow.ts'
import type { ViewSubmission } from './payloads.ts'
import type { Reply, Typed } from './typed.ts'

const usage = `\`${inline('/approvals link @other', 100)}\` says that another account is yours, too, and sends it a code; \`${inline('/approvals link code <code>', 100)}\` enters that.`
const mention = /^<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>$/

/** `/approvals link …`: who somebody is here, and another account that is theirs, too. */
export async function linkTyped(slack: SlackContext, typed: Typed): Promise<Reply | null> {
  const rest = typed.rest.trim()
  if (rest === '') return shown(slack, typed.user)
  const [, code] = /^code\s+(\S.{0,200})$/i.exec(rest) ?? []
  if (code) return entered(slack, typed, code)
  const [, here] = mention.exec(rest) ?? []
  const other = here === undefined ? typedAddress(rest) : slack.address(here)
  return other === null || isNowhere(slack, other) ? { text: usage } : asked(slack, typed, other)
}

/** Of a channel that is not in use. */
function isNowhere({ ports }: SlackContext, address: string): boolean {
  return !address.startsWith('slack:') && ports.directory.apart === undefined
}

async function shown(slack: SlackContext, user: string): Promise<Reply> {
  const account = await accountAt(slack.ports, slack.address(user))
  if (whyNotStaff(account) === 'unlinked') return { text: fromTheFirst(slack.address(user)) }
  refuseUnlessStaff(account)
  slack.countLook(user)
  const identities = shownToThem(await identitiesOf(slack.ports, account))
  const { length } = identities.accounts
  const text = length === 1 ? 'This is your only account here.' : `${length} accounts count as you.`
  return {
    text,
    blocks: [header('My identities'), section(mrkdwn(linesOf(identities))), context(mrkdwn(notes))],
  }
}

/** To somebody who is nobody here yet: the first workspace says who is on the staff, so that is where they say which account is theirs, too. */
function fromTheFirst(address: string): string {
  const command = inline(`/approvals link ${asTyped(address)}`, 120)
  return `This account is linked to nobody in the first workspace, so nothing can be done with it. Type \`${command}\` *there*: this account gets a code, which you enter there.`
}

/** What is only claimed gives nothing: of somebody else's accounts it shows the one that the claim is about, and not where that signs in. */
function shownToThem({ accounts, waiting }: Identities): Identities {
  const shown = accounts.flatMap((one) => {
    if (one.is === 'own') return [one]
    return one.isNamed ? [{ ...one, signsInAt: [] }] : []
  })
  return { accounts: shown, waiting }
}

/** So many fit into one section. */
const mostShown = 30

function linesOf({ accounts, waiting }: Identities): string {
  const lines = accounts.slice(0, mostShown).map(({ account, name, is, signsInAt }) => {
    const claimed =
      is === 'claimed' ? ' · said to be yours, and not confirmed: only what takes away counts' : ''
    const signs =
      signsInAt.length > 0 ? ` · signs in at ${signsInAt.map((at) => inline(at, 200)).join(', ')}` : ''
    return `• ${inline(name, 80)} (\`${inline(account, 120)}\`)${claimed}${signs}`
  })
  const more = accounts.length > mostShown ? [`…and ${accounts.length - mostShown} more.`] : []
  const open = waiting.length > 0 ? ['The other account has a message that asks it, for 24 hours.'] : []
  return [...lines, ...more, ...open].join('\n')
}

const notes = `${usage} Together they have one vote, and none of them can approve what another is behind. They are parted only by others: \`countersign people unlink\`.`

/** A window says what it means before anything is joined. */
async function asked(slack: SlackContext, { user, trigger }: Typed, other: string): Promise<Reply | null> {
  await staffAt(slack.ports, slack.address(user))
  if (other === slack.address(user)) return { text: `That is this account itself. ${usage}` }
  const opened = await openModal(slack, trigger, async () => linkForm(other, slack.team))
  return opened ? null : { text: 'Slack did not open the window. Nothing was done; please try again.' }
}

/** The window was sent: judged now, and joined at once. */
export async function linkSent(slack: SlackContext, body: ViewSubmission): Promise<string> {
  const { other } = aboutLinking.parse(JSON.parse(body.view.private_metadata))
  try {
    await sendLinkCode(slack.ports, {
      account: slack.address(body.user.id),
      via: 'slack',
      delivery: `slack:${body.trigger_id}`,
      other: { address: other },
    })
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'not_applicable') throw refusal
    return 'These accounts are one person’s already: there was nothing to link.'
  }
  return `${accountSaid(other, slack.team)} counts as one person with you from now on. The app has written to that account directly, with a code: type \`${inline('/approvals link code <code>', 100)}\` here within ${linkCodes.minutes} minutes.`
}

async function entered(slack: SlackContext, { user, trigger }: Typed, code: string): Promise<Reply> {
  await enterLinkCode(slack.ports, {
    account: slack.address(user),
    via: 'slack',
    delivery: `slack:${trigger}`,
    code,
  })
  return { text: 'Confirmed: both accounts are yours, and each has what the other has.' }
}
