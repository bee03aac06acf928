import type { KnownBlock } from '@slack/types'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { cut } from '../../card/text.ts'
import { titleOfState } from '../../card/titles.ts'
import { nearest } from '../../core/nearest.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { buttonValue } from '../card/buttonValue.ts'
import { cardEnding, executionBlocks } from '../card/ending.ts'
import type { SlackContext } from '../context.ts'
import { noteRefusal, notingRefusal } from '../noteRefusal.ts'
import { stateText, textFor } from '../text/answers.ts'
import { button, context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import { inline, inlineShown } from '../text/escape.ts'
import { historyUsage, readFilter } from '../windows/historyFilter.ts'
import { makeHistoryList } from '../windows/historyList.ts'
import { listBlocks, listFor } from '../windows/listing.ts'
import { openModal } from '../windows/openWindow.ts'
import { accountOf, placesOf, seenBy } from '../windows/requestModals.ts'
import { lineBlocks, placeOf, type Story } from '../windows/story.ts'
import { agentsTyped } from './agentCommands.ts'
import type { Command } from './payloads.ts'
import { statsTyped } from './statsCommand.ts'
import { resumeTyped, stopsTyped, stopTyped } from './stopCommands.ts'
import { type Respond, tellPrivately } from './tell.ts'
import type { Reply, Typed } from './typed.ts'
import { usages } from './verbs.ts'

interface Word {
  readonly usage: string
  readonly about: string
  /** Null where a window has opened instead, or it has been answered already. */
  readonly run: (slack: SlackContext, typed: Typed) => Promise<Reply | null>
}

/** Every word after `/approvals`. */
const words: Readonly<Record<string, Word>> = {
  list: { usage: '/approvals', about: 'what is waiting for you, and what you asked for', run: list },
  show: { usage: '/approvals show <id>', about: 'the whole story of one request', run: show },
  history: {
    usage: '/approvals history [agent:x] [action:y] [person: @z] [state:…] [since:7d]',
    about: 'what you asked for, decided on or could decide, whatever became of it, newest first',
    run: historyTyped,
  },
  stats: {
    usage: '/approvals stats',
    about: 'what was asked in the last 30 days, and what became of it, if the policy names you for that',
    run: statsTyped,
  },
  stop: {
    usage: '/approvals stop agent <name>',
    about: 'stop an agent, `action <pattern>` or `everything`, if the policy names you for that',
    run: stopTyped,
  },
  stops: { usage: '/approvals stops', about: 'what is stopped, and what was', run: stopsTyped },
  resume: {
    usage: '/approvals resume <id>',
    about: 'ask that a stop be resumed; somebody else decides',
    run: resumeTyped,
  },
  agents: {
    usage: '/approvals agents [add|rotate|revoke|hand-over <name>]',
    about: 'your agents and their keys; what you add is yours, and its key is shown to you once',
    run: agentsTyped,
  },
  help: { usage: '/approvals help', about: 'this', run: async () => help() },
}

/** Answers `/approvals …`, to the person who typed it only. Never rejects. */
export async function onCommand(
  slack: SlackContext,
  asked: { readonly command: Command; readonly ack: () => Promise<void>; readonly respond: Respond },
): Promise<void> {
  const { command, ack, respond } = asked
  await ack()
  const [word = '', ...rest] = command.text.trim().split(/\s+/)
  const typed = { user: command.user_id, rest: rest.join(' '), trigger: command.trigger_id, respond }
  const reply = await answer(slack, { ...typed, word: word || 'list' })
  if (reply) await tellPrivately(slack, { user: command.user_id, respond }, reply)
}

async function answer(slack: SlackContext, typed: Typed & { readonly word: string }): Promise<Reply | null> {
  const known = Object.hasOwn(words, typed.word.toLowerCase()) ? words[typed.word.toLowerCase()] : undefined
  if (!known) return unknownWord(typed.word)
  try {
    return await known.run(slack, typed)
  } catch (error) {
    noteRefusal(slack, 'command', { user: typed.user, request: null, error })
    return { text: textFor(error, 'looking') }
  }
}

async function list(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await accountOf(slack, user)
  if (whyNotStaff(account)) throw new Refusal('not_staff', 'a command by somebody who is not staff')
  const listing = await listFor(slack, user, account)
  const reviews = listing.reviews.count > 0 ? `, ${listing.reviews.count} to review` : ''
  const text = `${listing.waiting.count} waiting for you${reviews}, ${listing.asked.count} you asked for`
  return { text, blocks: listBlocks(listing) }
}

/** A window: pages turn in it. */
async function historyTyped(slack: SlackContext, { user, rest, trigger }: Typed): Promise<Reply | null> {
  const read = readFilter(rest, slack.ports.clock().getTime())
  if ('wrong' in read) return { text: `${read.wrong}\nType \`${inline(historyUsage, 200)}\`.` }
  const account = await accountOf(slack, user)
  if (whyNotStaff(account)) throw new Refusal('not_staff', 'a command by somebody who is not staff')
  const opened = await openModal(slack, trigger, () =>
    notingRefusal(slack, { user, request: null }, () =>
      makeHistoryList(slack, user, { filter: read.filter, before: null }),
    ),
  )
  return opened ? null : { text: 'Slack did not open the window; please try again.' }
}

async function show(slack: SlackContext, { user, rest }: Typed): Promise<Reply> {
  const id = rest.trim()
  if (!/^req_[0-9a-z]{1,60}$/.test(id))
    return { text: 'Which one? Type `/approvals show` and the id from the card, such as `req_01k…`.' }
  const told = await seenBy(slack, user, id)
  const { view } = told
  const story = { ...told, places: await placesOf(slack, told) }
  const facts = factsOf(view.request)
  const open = button('open', 'Open full request', buttonValue({ request: id, card: null }))
  return {
    text: inlineShown(`${summaryOf(facts)}: ${titleOfState(view.request, view.held)}`, 1_000),
    blocks: [
      { type: 'section', text: plain(cut(summaryOf(facts), 1_000)), accessory: open },
      section(mrkdwn(stateText(view))),
      ...(facts.fits ? [preformatted(facts.drawn.parameters.join('\n') || 'no parameters')] : []),
      ...(view.request.brokenGlass ? cardEnding(view) : executionBlocks(view)),
      ...storyBlocks(story),
      context(plain(`${id}  ·  ${placeOf(story)}`)),
    ],
  }
}

/** The newest forty entries, in the order in which they happened. */
function storyBlocks(story: Story): KnownBlock[] {
  const earlier = story.entries.length - shownEntries
  return [
    ...(earlier > 0
      ? [context(plain(`${earlier} earlier entries are not shown: “History” in the full request has them`))]
      : []),
    ...lineBlocks(story, story.entries.slice(-shownEntries)),
  ]
}

const shownEntries = 40

function help(): Reply {
  const lines = Object.values(words).map((word) => `\`${inline(word.usage, 100)}\`  ${word.about}`)
  const said = [...usages, 'why'].map((usage) => `\`${usage}\``).join(', ')
  const thread = `In the thread of a card: ${said.replace('`', '`@Countersign ')} or \`status\`.`
  return { text: [...lines, thread].join('\n') }
}

/** What was typed is repeated inertly; the nearest word is suggested. */
function unknownWord(word: string): Reply {
  const near = nearest(word.toLowerCase(), Object.keys(words))
  const suggestion = near ? ` Did you mean \`${inline(words[near]?.usage ?? '', 100)}\`?` : ''
  const typed = plain(`There is no “${cut(word, 40)}”.`)
  return {
    text: `There is no such command.${suggestion}`,
    blocks: [
      section(typed),
      section(mrkdwn(`${suggestion.trim() || 'These are the commands:'}\n${help().text}`)),
    ],
  }
}
