import type { Passage } from '../../card/passage.ts'
import { say, type Text, typed } from '../../card/span.ts'
import { stateOf } from '../../card/state.ts'
import { type Answer, errorText, ourAnswer } from '../../channels/answers.ts'
import { countsText } from '../../channels/listing.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { type MenuChoice, readingWindow } from '../../channels/read.ts'
import { seenBy } from '../../channels/seeing.ts'
import { addressOf } from '../address.ts'
import { actionSet, openRequest } from '../card/buttons.ts'
import { tellingOf } from '../card/message.ts'
import { titleParts } from '../card/parts.ts'
import type { TeamsContext } from '../context.ts'
import type { TeamsMessage } from '../outbound/connector.ts'
import { listElements } from '../windows/listing.ts'
import { type MessageActivity, placeOf } from './activities.ts'
import { type Asked, askedIn } from './asked.ts'
import { listFor } from './open.ts'
import { answerMessage, tellPrivately } from './tell.ts'
import { accountIn, doerOf } from './who.ts'

/** One question, and by whom. */
interface Question {
  readonly activity: MessageActivity
  readonly asked: Asked
  /** As the directory is asked. */
  readonly address: string
}

const choices: Partial<Record<Asked['word'], MenuChoice>> = {
  show: 'full',
  why: 'why',
  who: 'who',
  history: 'history',
}

/**
 * Somebody wrote to us, or mentioned us. It is answered to them only, and decides nothing: an app that holds somebody's permission
 * can write in their name, and nothing in what arrives says so (threats: posted-by-app). Never rejects.
 */
export async function onMessage(teams: TeamsContext, activity: MessageActivity): Promise<void> {
  // Teams delivers again what was not answered in time. The id of a message is one of its conversation's.
  if (!teams.firstTime(`${activity.conversation.id} ${activity.id}`)) return
  const tried = { account: accountIn(activity), request: null }
  try {
    const { actor } = doerOf(teams, activity)
    const asked = askedIn(activity.text ?? '')
    const message = await answerFor(teams, { activity, asked, address: actor.address })
    await tellPrivately(teams, activity, message)
  } catch (error) {
    noteRefusal(teams, 'mention', { ...tried, error })
    const says = ourAnswer(errorText(teams.wording, error, 'looking'))
    await tellPrivately(teams, activity, answerMessage('Not possible', says))
  }
}

async function answerFor(teams: TeamsContext, question: Question): Promise<TeamsMessage> {
  const { word } = question.asked
  // Each word is answered by a message, so each counts; a list counts itself, wherever it is opened.
  if (word !== 'list') teams.countLook(question.address)
  if (word === 'help') return helpMessage
  if (word === 'acting') return answerMessage('Use the card', ourAnswer(useTheCard))
  if (word === 'elsewhere') return answerMessage('Not in Teams', ourAnswer(notInTeams))
  if (word === 'list') return listMessage(teams, question.address)
  const request = question.asked.request ?? (await requestOfThread(teams, question.activity))
  if (request === null) return answerMessage('Which one?', ourAnswer(whichOne(word)))
  const choice = choices[word]
  return choice
    ? aboutMessage(teams, question.address, { choice, request })
    : statusMessage(teams, question, request)
}

/** The request on whose card it was written, if it was. */
async function requestOfThread(teams: TeamsContext, activity: MessageActivity): Promise<string | null> {
  const { conversation, root } = placeOf(activity)
  if (root === null) return null
  const card = await teams.ports.store.cardAt(addressOf(conversation), root)
  return card?.request ?? null
}

async function listMessage(teams: TeamsContext, address: string): Promise<TeamsMessage> {
  const listing = await listFor(teams, address)
  return tellingOf({ summary: countsText(listing), told: listElements(listing) })
}

/** What the window says, without what can be pressed there: the window itself is a press away. @throws Refusal `unknown_request` */
async function aboutMessage(
  teams: TeamsContext,
  address: string,
  { choice, request }: { readonly choice: MenuChoice; readonly request: string },
): Promise<TeamsMessage> {
  const origin = { request, card: null, page: 0, from: 'list' } as const
  const { content } = await readingWindow(teams.ports, address, { choice, origin })
  const { title, heading, passages, people, pages } = content
  const more: readonly Passage[] =
    pages > 1 ? [{ note: say`This is its first page of ${pages}; the full request has all of them.` }] : []
  return tellingOf({
    summary: `${title}: ${request}`,
    ...(heading ? { above: titleParts(heading) } : { title }),
    passages: [...passages, ...more],
    people,
    below: [actionSet([openRequest('Open full request', request)])],
  })
}

/** @throws Refusal `unknown_request` */
async function statusMessage(
  teams: TeamsContext,
  { address }: Question,
  request: string,
): Promise<TeamsMessage> {
  const { view } = await seenBy(teams.ports, address, request)
  const answer: Answer = { says: stateOf(view), people: view.people }
  return tellingOf({
    summary: `Status of ${request}`,
    title: 'Status',
    passages: [{ line: answer.says }, { aside: request }],
    people: answer.people,
    below: [actionSet([openRequest('Open full request', request)])],
  })
}

const useTheCard = say`Words decide nothing in Teams, so nothing was changed. Use the buttons of the card; ${typed('list')} shows what waits for you.`

const notInTeams = say`Words decide nothing in Teams, so nothing was changed. ${typed('/approvals')} in Slack and the command line of Countersign can do that.`

function whichOne(word: string): Text {
  return say`Write the id that stands at the end of its card: ${typed(`${word} req_…`)}. Below a card, ${typed(word)} alone will do.`
}

const helpMessage = tellingOf({
  summary: 'What you can write to Countersign',
  title: 'What you can write',
  passages: [
    { line: say`${typed('list')}: what waits for you, and what was asked for you.` },
    { line: say`${typed('show req_…')}: the whole request.` },
    { line: say`${typed('why req_…')}: why people are asked.` },
    { line: say`${typed('who req_…')}: who can decide.` },
    { line: say`${typed('history req_…')}: what has happened to it.` },
    { line: say`${typed('status req_…')}: how it stands.` },
    { note: say`Below a card the id can be left out. Whatever decides is a button of the card.` },
  ],
})
