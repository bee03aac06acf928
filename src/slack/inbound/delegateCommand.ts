import type { KnownBlock } from '@slack/types'
import { endOwnDelegation } from '../../approvals/delegations/end.ts'
import { namedDelegations } from '../../approvals/delegations/named.ts'
import { longestAway, type Started, startDelegation } from '../../approvals/delegations/start.ts'
import { begunPassages } from '../../card/delegation.ts'
import { staffAt } from '../../channels/seeing.ts'
import type { Account } from '../../core/identity.ts'
import { nearest } from '../../core/nearest.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { timeZoneOf } from '../outbound/timeZone.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import { delegationBlocks } from '../windows/delegations.ts'
import type { Reply, Typed } from './typed.ts'
import { momentTyped, sayMoment, untilExamples } from './untilTyped.ts'

const usage = `Type ${code('/approvals delegate @person until friday')}: somebody of the same groups is told in your place while you are away. Also ${untilExamples}.`

/** What ends it, in any of the words that people try. */
const endings = ['off', 'end', 'stop', 'back'] as const

/** `/approvals delegate …`: who is told in one's place, until when; alone, how that is now. */
export async function delegateTyped(slack: SlackContext, typed: Typed): Promise<Reply> {
  const { user, rest } = typed
  const account = await staffAt(slack.ports, slack.address(user))
  slack.countLook(user)
  const words = rest.trim()
  if (words === '') return state(slack, account)
  if (endings.some((one) => one === words.toLowerCase())) return ended(slack, typed, account)
  const [, to, when = ''] = /^<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>(?:\s+(.*))?$/s.exec(words) ?? []
  if (to === undefined) return whom(words)
  const zone = (await timeZoneOf(slack.clicks, user)) ?? slack.ports.policy()?.timezone ?? 'UTC'
  const now = slack.ports.clock().getTime()
  const moment = momentTyped(when, { now, zone })
  const wrong = 'wrong' in moment ? moment.wrong : unfit(moment.at, { now, zone })
  if ('wrong' in moment || wrong !== null) return { text: wrong ?? usage }
  const until = new Date(moment.at)
  const delivery = `slack:${typed.trigger}`
  return begun(
    slack,
    await startDelegation(slack.ports, { account, via: 'slack', to: slack.address(to), until, delivery }),
    sayMoment(moment.at, zone),
  )
}

async function state(slack: SlackContext, account: Account): Promise<Reply> {
  const blocks = await delegationBlocks(slack.ports, account)
  if (blocks.length > 0)
    return { text: 'Who is told in whose place', blocks: [...blocks, context(mrkdwn(usage))] }
  return { text: `You are not away, and you stand in for nobody. ${usage}` }
}

async function ended(slack: SlackContext, { trigger }: Typed, account: Account): Promise<Reply> {
  try {
    const { delegate } = await endOwnDelegation(slack.ports, {
      account,
      via: 'slack',
      delivery: `slack:${trigger}`,
    })
    const user = delegate.split(':').at(-1) ?? ''
    return { text: `Welcome back: you are told yourself again. <@${user}> hears that, too.` }
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'not_applicable') throw refusal
    return { text: `You are not away: nobody is told in your place. ${usage}` }
  }
}

/** A word that ends it may be mistyped; a name has to be one that Slack suggests. */
function whom(words: string): Reply {
  const near = /^\S{2,5}$/.test(words) ? nearest(words.toLowerCase(), endings) : null
  if (near) return { text: `Did you mean ${code(`/approvals delegate ${near}`)}?` }
  return { text: `Who is told in your place? Begin with \`@\`, so that Slack suggests people. ${usage}` }
}

/** What is wrong with a moment that was understood; null when nothing is. */
function unfit(at: number, { now, zone }: { readonly now: number; readonly zone: string }): string | null {
  const shown = sayMoment(at, zone)
  if (at <= now) return `That is past: ${shown}. Write it like ${untilExamples}.`
  return at - now > longestAway
    ? `That is too long: ${shown}. Nobody is away for more than 30 days at once; begin again when they are over.`
    : null
}

async function begun(
  { ports }: SlackContext,
  { delegation, coverage, givenBack }: Started,
  shown: string,
): Promise<Reply> {
  const { named, people } = await namedDelegations(ports, [delegation, ...givenBack])
  const who = named.get(delegation)
  const others = givenBack.flatMap((one) => named.get(one) ?? []).map(({ away }) => away)
  const passages = who ? begunPassages({ ...who, ...coverage, givenBack: others }) : []
  const blocks: KnownBlock[] = [...blocksOf(people, passages), context(plain(shown))]
  return {
    text: `You are away until ${shown}.`,
    blocks: blocks.length > 1 ? blocks : [section(plain(shown))],
  }
}

function code(words: string): string {
  return `\`${inline(words, 100)}\``
}
