import type { ModalView } from '@slack/types'
import { isLifetime, lifetimeRule } from '../../approvals/people/keyEnds.ts'
import {
  addOwnAgent,
  handOverOwnAgent,
  type OwnAct,
  ownAgent,
  revokeOwnAgent,
  rotateOwnKey,
} from '../../approvals/people/ownAgentActs.ts'
import { StoreUnavailable } from '../../approvals/storeUnavailable.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { staffAt } from '../../channels/seeing.ts'
import { agentName } from '../../core/agentNames.ts'
import { durationPattern, secondsIn } from '../../core/duration.ts'
import { nearest } from '../../core/nearest.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { textFor } from '../text/answers.ts'
import { context, header, mrkdwn } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { agentListing } from '../windows/agentList.ts'
import { openModal } from '../windows/openWindow.ts'
import { aboutRevoking, revokeAgentForm } from '../windows/revokeAgentForm.ts'
import type { ViewSubmission } from './payloads.ts'
import { showKey } from './shownKey.ts'
import type { Reply, Typed } from './typed.ts'

/** What can stand after `/approvals agents`, how it is written, and what it does. */
const words: Readonly<
  Record<
    string,
    { readonly usage: string; readonly run: (slack: SlackContext, asked: AskedOf) => Promise<Reply | null> }
  >
> = {
  add: { usage: '/approvals agents add <name> [for 90d]', run: add },
  rotate: { usage: '/approvals agents rotate <name> [for 90d]', run: rotate },
  revoke: { usage: '/approvals agents revoke <name>', run: revoke },
  'hand-over': { usage: '/approvals agents hand-over <name> @person', run: handOver },
}

/** What was typed about one agent. */
interface AskedOf {
  readonly typed: Typed
  readonly act: OwnAct
  readonly name: string
  readonly after: readonly string[]
}

const usages = Object.values(words).map(({ usage }) => `\`${inline(usage, 100)}\``)

/** `/approvals agents …`: the agents of whoever types it, and what they do with them. */
export async function agentsTyped(slack: SlackContext, typed: Typed): Promise<Reply | null> {
  const [word = '', name = '', ...after] = typed.rest.trim().split(/\s+/)
  if (word === '') return list(slack, typed)
  const known = Object.hasOwn(words, word.toLowerCase()) ? words[word.toLowerCase()] : undefined
  if (!known) {
    const near = nearest(word.toLowerCase(), Object.keys(words))
    return {
      text: near
        ? `Did you mean \`${inline(words[near]?.usage ?? '', 100)}\`?`
        : `Type ${usages.join(', ')}.`,
    }
  }
  if (!agentName.test(name)) return { text: `Which one? Type \`${inline(known.usage, 100)}\`. ${nameRule}` }
  const act = { account: slack.address(typed.user), via: 'slack', delivery: `slack:${typed.trigger}` }
  try {
    return await known.run(slack, { typed, act, name, after })
  } catch (error) {
    if (error instanceof Refusal) throw error
    noteRefusal(slack, 'command', { account: slack.address(typed.user), request: null, error })
    const isSure = error instanceof StoreUnavailable && !error.unknown
    return { text: isSure ? textFor(error) : uncertainText }
  }
}

/** A key that was made all the same was shown to nobody. */
const uncertainText =
  'Something went wrong on our side, and it is not certain that this was done. `/approvals agents` says how things stand; a key that you were not shown is of no use to anybody, and `/approvals agents rotate` ends it.'

const nameRule =
  'A name has 2 to 63 lower-case letters, digits, dots, dashes and underscores, such as `billing-agent`.'

/** So many agents are shown; with their keys they fit into one message. */
const shownAgents = 15

async function list(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await staffAt(slack.ports, slack.address(user))
  slack.countLook(user)
  const { count, blocks } = await agentListing(slack, account, shownAgents)
  const text = count === 1 ? 'You have one agent.' : `You have ${count === 0 ? 'no' : count} agents.`
  const ways = count === 0 ? [] : [context(mrkdwn(usages.join('  ')))]
  return { text, blocks: [header('My agents'), ...blocks.slice(0, 45), ...ways] }
}

async function add(slack: SlackContext, { typed, act, name, after }: AskedOf): Promise<Reply | null> {
  const lifetime = lifetimeIn(after)
  if (lifetime === undefined)
    return { text: `Type \`${inline(words.add?.usage ?? '', 100)}\`. ${lifetimeRule}` }
  const issued = await addOwnAgent(slack.ports, { ...act, name, lifetime })
  await showKey(slack, typed, { issued, act, says: 'is registered, and it is yours.' })
  return null
}

async function rotate(slack: SlackContext, { typed, act, name, after }: AskedOf): Promise<Reply | null> {
  const lifetime = lifetimeIn(after)
  if (lifetime === undefined)
    return { text: `Type \`${inline(words.rotate?.usage ?? '', 100)}\`. ${lifetimeRule}` }
  const issued = await rotateOwnKey(slack.ports, { ...act, name, lifetime })
  await showKey(slack, typed, { issued, act, says: 'has a new key; those it had have ended.' })
  return null
}

/** Seconds; null where nothing is said, undefined where it is not `for 90d` or no time that a key can have. */
function lifetimeIn(words: readonly string[]): number | null | undefined {
  const [word, time = '', ...more] = words
  if (word === undefined) return null
  if (word.toLowerCase() !== 'for' || !durationPattern.test(time) || more.length > 0) return undefined
  return isLifetime(secondsIn(time)) ? secondsIn(time) : undefined
}

async function handOver(slack: SlackContext, { act, name, after }: AskedOf): Promise<Reply> {
  const [, user] = /^<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>$/.exec(after.join(' ')) ?? []
  if (!user)
    return {
      text: `To whom? Type \`/approvals agents hand-over ${name} @person\`, so that Slack suggests people.`,
    }
  const { confirmation } = await handOverOwnAgent(slack.ports, {
    ...act,
    name,
    to: { address: slack.address(user) },
  })
  const until = confirmation && ` They have a message that asks them, and can answer for 24 hours.`
  return {
    text: `<@${user}> owns \`${name}\` as soon as they have confirmed it.${until ?? ''} Until then it is yours. Its keys go on working; whoever made one stays behind what is asked with it.`,
  }
}

/** So many of the requests that would be cancelled are named. */
const namedRequests = 5

async function revoke(slack: SlackContext, { typed, act, name }: AskedOf): Promise<Reply | null> {
  // Whoever has no such agent hears that as an answer, not in a window.
  const own = await ownAgent(slack.ports, { account: act.account, name })
  const opened = await openModal(slack, typed.trigger, async () => revokingWindow(slack, own))
  return opened ? null : { text: 'Slack did not open the window. Nothing was done; please try again.' }
}

async function revokingWindow(
  { ports }: SlackContext,
  own: Awaited<ReturnType<typeof ownAgent>>,
): Promise<ModalView> {
  const waiting = await ports.store.requests({
    states: ['pending'],
    agent: own.agent.id,
    limit: namedRequests,
  })
  return revokeAgentForm(
    own,
    waiting.map((request) => summaryOf(factsOf(request))),
  )
}

/** The window was sent: judged again, whose agent it is now. */
export async function revokeAgentSent(slack: SlackContext, body: ViewSubmission): Promise<string> {
  const { agent } = aboutRevoking.parse(JSON.parse(body.view.private_metadata))
  const { name } = await revokeOwnAgent(slack.ports, {
    account: slack.address(body.user.id),
    via: 'slack',
    delivery: `slack:${body.trigger_id}`,
    name: agent,
  })
  return `\`${inline(name, 80)}\` *is revoked*, and so are its keys. What it asked for and still waits is being cancelled.`
}
