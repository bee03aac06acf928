import { cut } from '../../card/text.ts'
import { readFilter } from '../../channels/historyFilter.ts'
import { countsText } from '../../channels/listing.ts'
import { noteRefusal, notingRefusal } from '../../channels/noteRefusal.ts'
import { staffAt } from '../../channels/seeing.ts'
import { usages } from '../../channels/verbs.ts'
import { nearest } from '../../core/nearest.ts'
import type { SlackContext } from '../context.ts'
import { textFor } from '../text/answers.ts'
import { mrkdwn, plain, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { mrkdwnOf } from '../text/spans.ts'
import { historyUsage, listBlocks, listFor, makeHistoryList, slackNaming } from '../windows/lists.ts'
import { openModal } from '../windows/openWindow.ts'
import { agentsTyped } from './agentCommands.ts'
import { delegateTyped } from './delegateCommand.ts'
import { linkTyped } from './linkCommand.ts'
import type { Command } from './payloads.ts'
import { policyTyped } from './policyCommand.ts'
import { showTyped, whoTyped, whyTyped } from './requestCommands.ts'
import { statsTyped } from './statsCommand.ts'
import { resumeTyped, stopsTyped, stopTyped } from './stopCommands.ts'
import { type Respond, tellPrivately } from './tell.ts'
import { tokensTyped, tokenTyped } from './tokenCommands.ts'
import type { Reply, Typed } from './typed.ts'

interface Word {
  readonly usage: string
  readonly about: string
  /** Null where a window has opened instead, or it has been answered already. */
  readonly run: (slack: SlackContext, typed: Typed) => Promise<Reply | null>
}

/** Every word after `/approvals`. */
const words: Readonly<Record<string, Word>> = {
  list: { usage: '/approvals', about: 'what is waiting for you, and what you asked for', run: list },
  show: { usage: '/approvals show <id>', about: 'the whole story of one request', run: showTyped },
  who: { usage: '/approvals who <id>', about: 'who can still decide, and who cannot and why', run: whoTyped },
  why: { usage: '/approvals why <id>', about: 'the rules that fired, and the facts they saw', run: whyTyped },
  history: {
    usage: '/approvals history [agent:x] [action:y] [person: @z] [state:…] [since:7d]',
    about: 'what you asked for, decided on or could decide, whatever became of it, newest first',
    run: historyTyped,
  },
  policy: {
    usage: '/approvals policy',
    about: 'which policy is active, since when and by whom; `policy test` tries an action on it',
    run: policyTyped,
  },
  stats: {
    usage: '/approvals stats',
    about: 'what was asked in the last 30 days, and what became of it, if the policy names you for that',
    run: statsTyped,
  },
  stop: {
    usage: '/approvals stop agent <name>',
    about: 'stop an agent, `action db.*` or `everything`, if the policy names you for that',
    run: stopTyped,
  },
  stops: { usage: '/approvals stops', about: 'what is stopped, and what was', run: stopsTyped },
  resume: {
    usage: '/approvals resume <id>',
    about: 'ask that a stop be resumed; somebody else decides',
    run: resumeTyped,
  },
  token: {
    usage: '/approvals token [for <days>]',
    about: 'a personal token, to decide from a portal of your own; `token revoke` with its id ends one',
    run: tokenTyped,
  },
  tokens: { usage: '/approvals tokens', about: 'your personal tokens that work', run: tokensTyped },
  agents: {
    usage: '/approvals agents [add|rotate|revoke|hand-over <name>]',
    about: 'your agents and their keys; what you add is yours, and its key is shown to you once',
    run: agentsTyped,
  },
  delegate: {
    usage: '/approvals delegate @person until friday',
    about: 'while you are away, somebody of the same groups is told in your place; `delegate off` ends it',
    run: delegateTyped,
  },
  link: {
    usage: '/approvals link [@other]',
    about: 'your accounts; another one that is yours, too, is linked by a code that is sent there',
    run: linkTyped,
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
    noteRefusal(slack, 'command', { account: slack.address(typed.user), request: null, error })
    return { text: textFor(error, 'looking') }
  }
}

async function list(slack: SlackContext, { user }: Typed): Promise<Reply> {
  const account = await staffAt(slack.ports, slack.address(user))
  const listing = await listFor(slack, user, account)
  return { text: countsText(listing), blocks: listBlocks(listing) }
}

/** A window: pages turn in it. */
async function historyTyped(slack: SlackContext, { user, rest, trigger }: Typed): Promise<Reply | null> {
  const read = readFilter(rest, { now: slack.ports.clock().getTime(), naming: slackNaming })
  if ('wrong' in read)
    return { text: `${mrkdwnOf(new Map(), read.wrong)}\nType \`${inline(historyUsage, 200)}\`.` }
  await staffAt(slack.ports, slack.address(user))
  const opened = await openModal(slack, trigger, () =>
    notingRefusal(slack, { account: slack.address(user), request: null }, () =>
      makeHistoryList(slack, user, { filter: read.filter, before: null }),
    ),
  )
  return opened ? null : { text: 'Slack did not open the window; please try again.' }
}

function help(): Reply {
  const lines = Object.values(words).map((word) => `\`${inline(word.usage, 100)}\`  ${word.about}`)
  const said = [...usages, 'why'].map((usage) => `\`${usage}\``).join(', ')
  const thread = `In the thread of a card: ${said.replace('`', '`@Countersign ')} or \`status\`.`
  return { text: [...lines, thread].join('\n') }
}

/** What was typed is repeated inertly; the nearest word is suggested. */
function unknownWord(word: string): Reply {
  const suggestion = suggestionFor(word.toLowerCase())
  const typed = plain(`There is no “${cut(word, 40)}”.`)
  return {
    text: `There is no such command.${suggestion}`,
    blocks: [
      section(typed),
      section(
        mrkdwn(
          suggestion === ''
            ? `These are the commands:\n${help().text}`
            : `${suggestion.trim()} \`/approvals help\` lists all.`,
        ),
      ),
    ],
  }
}

/** An id where a word belongs is most likely to be shown. */
function suggestionFor(word: string): string {
  if (/^req_[0-9a-z]{1,60}$/.test(word)) return ` Did you mean \`/approvals show ${word}\`?`
  const near = nearest(word, Object.keys(words))
  return near ? ` Did you mean \`${inline(words[near]?.usage ?? '', 100)}\`?` : ''
}
