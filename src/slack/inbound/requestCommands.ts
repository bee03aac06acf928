import type { KnownBlock } from '@slack/types'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { placeOf, type Story, storyPassages } from '../../card/reading/story.ts'
import { cut } from '../../card/text.ts'
import { titleOfState } from '../../card/titles.ts'
import type { RequestView } from '../../card/view.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import { seenBy, storyOf, whoFor } from '../../channels/seeing.ts'
import { cardEnding, reportedBlocks } from '../card/ending.ts'
import type { SlackContext } from '../context.ts'
import { stateText } from '../text/answers.ts'
import { button, context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import { whoBlocks, whyBlocks } from '../windows/grounds.ts'
import type { Reply, Typed } from './typed.ts'

// What is typed about one request: `show`, `who` and `why` with its id. Whoever may not see it hears that there is none.

/** `/approvals show …`: the whole story of one request. */
export async function showTyped(slack: SlackContext, { user, rest }: Typed): Promise<Reply> {
  const id = idIn(rest)
  if (!id) return whichOne('show')
  const told = await seenBy(slack.ports, slack.address(user), id)
  const { view } = told
  const story = await storyOf(slack.ports, told)
  const facts = factsOf(view.request)
  return {
    text: inlineShown(`${summaryOf(facts)}: ${titleOfState(view.request, view.held)}`, 1_000),
    blocks: [
      { type: 'section', text: plain(cut(summaryOf(facts), 1_000)), accessory: openButton(id) },
      section(mrkdwn(stateText(view))),
      ...(facts.fits ? [preformatted(facts.drawn.parameters.join('\n') || 'no parameters')] : []),
      ...(view.request.brokenGlass ? cardEnding(view) : reportedBlocks(view)),
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
    ...blocksOf(story.view.people, storyPassages(story, story.entries.slice(-shownEntries))),
  ]
}

const shownEntries = 40

/** `/approvals who …`: who can still decide, and who cannot and why. */
export async function whoTyped(slack: SlackContext, { user, rest }: Typed): Promise<Reply> {
  const id = idIn(rest)
  if (!id) return whichOne('who')
  const { view } = await seenBy(slack.ports, slack.address(user), id)
  const { requirement, state } = view.request
  const blocks = requirement ? whoBlocks(view, await whoFor(slack.ports, slack.address(user), view)) : []
  const nobody =
    state === 'denied' ? 'Policy denied it, so nobody was asked.' : 'Nobody is asked: policy decided it.'
  const says = requirement ? stateText(view) : nobody
  const title = state === 'pending' ? 'Who can decide?' : 'Who could decide?'
  return about(view, { title, says, blocks })
}

/** `/approvals why …`: the rules that fired, and the facts that they saw. */
export async function whyTyped(slack: SlackContext, { user, rest }: Typed): Promise<Reply> {
  const id = idIn(rest)
  if (!id) return whichOne('why')
  const { view } = await seenBy(slack.ports, slack.address(user), id)
  const { verdict, state } = view.request
  const title = {
    allow: 'Why it is allowed',
    deny: 'Why policy denies it',
    require_approval: `Why people ${state === 'pending' ? 'are' : 'were'} asked`,
  }
  return about(view, { title: title[verdict.kind], says: stateText(view), blocks: whyBlocks(view) })
}

function about(
  { request }: RequestView,
  said: { readonly title: string; readonly says: string; readonly blocks: readonly KnownBlock[] },
): Reply {
  const summary = cut(summaryOf(factsOf(request)), 1_000)
  return {
    text: inlineShown(`${said.title}${said.title.endsWith('?') ? '' : ':'} ${summary}`, 1_000),
    blocks: [
      { type: 'section', text: plain(`${said.title}  ${summary}`), accessory: openButton(request.id) },
      section(mrkdwn(said.says)),
      // A message has room for fifty blocks.
      ...said.blocks.slice(0, mostBlocks),
      ...(said.blocks.length > mostBlocks ? [context(plain('The full request has the rest.'))] : []),
      context(plain(request.id)),
    ],
  }
}

const mostBlocks = 44

function openButton(id: string) {
  return button('open', 'Open full request', buttonValue({ request: id, card: null }))
}

/** The id as somebody copies it: from a card, maybe with something around it. */
function idIn(rest: string): string | null {
  return /^[\s`“"'<(]*(req_[0-9a-z]{1,60})[\s`”"'>).]*$/i.exec(rest)?.[1]?.toLowerCase() ?? null
}

function whichOne(word: string): Reply {
  return {
    text: `Which one? Type \`/approvals ${word}\` and the id from the card, such as \`req_01k…\`. \`/approvals\` lists what waits for you, \`/approvals history\` the rest.`,
  }
}
