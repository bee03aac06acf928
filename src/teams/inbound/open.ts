import { bringOut } from '../../approvals/crowds/bringOut.ts'
import { answerButton, type ButtonValue, crowdButton, readButtonValue } from '../../channels/buttonValue.ts'
import type { Doer } from '../../channels/hearing.ts'
import { listingOf } from '../../channels/listing.ts'
import { listPageFor } from '../../channels/listPage.ts'
import { readPart } from '../../channels/lists.ts'
import { makeWindow, windowFromCard } from '../../channels/makeWindow.ts'
import { isMenuChoice, readingWindow } from '../../channels/read.ts'
import { staffAt } from '../../channels/seeing.ts'
import { verbOfWindow } from '../../channels/verbs.ts'
import { Refusal } from '../../core/refusal.ts'
import type { TeamsContext } from '../context.ts'
import type { Dialog } from '../windows/dialog.ts'
import { formDialog } from '../windows/form.ts'
import { listButton, listingDialog, listPageDialog } from '../windows/listing.ts'
import { readingDialog } from '../windows/reading.ts'
import type { DialogActivity } from './activities.ts'
import { cardAt, messageIn } from './pressed.ts'
import { doerOf } from './who.ts'

/** One press that asks for a window. */
interface Opening {
  readonly activity: DialogActivity
  readonly doer: Doer
  readonly value: string
}

type Opener = (teams: TeamsContext, opening: Opening) => Promise<Dialog>

const openers: Readonly<Record<string, Opener>> = {
  open: openFromList,
  [listButton]: openListPage,
  [crowdButton]: openCrowd,
  [answerButton]: answerQuestionPut,
}

/**
 * The window that a press asks for. Nothing is decided by opening one; whoever may not do what it is for hears that now.
 *
 * @throws Refusal, of `makeWindow` and `readingWindow` too
 */
export async function windowFor(teams: TeamsContext, activity: DialogActivity): Promise<Dialog> {
  const { open, value } = activity.value.data
  if (typeof open !== 'string' || typeof value !== 'string')
    throw new Refusal('foreign_payload', 'a press that opens no window of ours')
  const opening = { activity, doer: doerOf(teams, activity), value }
  const opener = Object.hasOwn(openers, open) ? openers[open] : undefined
  return opener ? opener(teams, opening) : openFromCard(teams, opening, open)
}

/** The window of a verb, or one to read in, begun on the card on record. */
async function openFromCard(teams: TeamsContext, opening: Opening, open: string): Promise<Dialog> {
  const { doer, activity } = opening
  const verb = verbOfWindow(open)
  if (!verb && !isMenuChoice(open)) throw new Refusal('foreign_payload', 'a menu that is not ours')
  const button = buttonIn(opening)
  const { id: card } = await cardAt(teams, button, messageIn(activity))
  if (verb) return formDialog(await windowFromCard(teams, doer, { verb, button, card }))
  if (!isMenuChoice(open)) throw new Refusal('foreign_payload', 'a menu that is not ours')
  const origin = { request: button.request, card, page: 0, from: 'card' } as const
  return readingDialog(await readingWindow(teams.ports, doer.actor.address, { choice: open, origin }))
}

/** From a list or a message, where there is no card: whoever may see the request sees it. */
async function openFromList(teams: TeamsContext, opening: Opening): Promise<Dialog> {
  const { request } = buttonIn(opening)
  const origin = { request, card: null, page: 0, from: 'list' } as const
  const { address } = opening.doer.actor
  const window = await readingWindow(teams.ports, address, { choice: 'full', origin })
  // Only by somebody who may see it. A card that is missing comes by itself, later.
  await bringOut(teams.ports, request).catch((err: unknown) =>
    teams.log.warn({ err }, 'no card was asked for'),
  )
  return readingDialog(window)
}

/**
 * *Open the list* on the card that stands for many: the lists of whoever presses, so what waits for them and nothing else. On which message
 * it was pressed is a client's word, so that nothing is drawn over by it (threats: made-up-window); one whose posting was never recorded
 * opens the same list.
 */
async function openCrowd(teams: TeamsContext, { doer }: Opening): Promise<Dialog> {
  return listingDialog(await listFor(teams, doer.actor.address))
}

/** More of a list. */
async function openListPage(teams: TeamsContext, { doer, value }: Opening): Promise<Dialog> {
  const part = readPart(value)
  if (!part) throw new Refusal('foreign_payload', 'a button that is not ours')
  const { address } = doer.actor
  const account = await staffAt(teams.ports, address)
  teams.countLook(address)
  return listPageDialog(await listPageFor(teams.ports, account, part))
}

/** The lists of whoever asks for them. @throws Refusal `looked_often`, `not_staff`, `identity_unknown` */
export async function listFor(teams: TeamsContext, address: string) {
  const account = await staffAt(teams.ports, address)
  teams.countLook(address)
  return listingOf(teams.ports, account)
}

/** *Answer…* on the message that puts a question: its window, for whoever was asked. */
async function answerQuestionPut(teams: TeamsContext, opening: Opening): Promise<Dialog> {
  const { request, note } = buttonIn(opening)
  if (note === undefined) throw new Refusal('foreign_payload', 'a button that names no question')
  const origin = { request, card: null, note, page: 0, from: 'list' } as const
  return formDialog(await makeWindow(teams, opening.doer, { verb: 'answer_question', origin }))
}

/** @throws Refusal `foreign_payload` */
function buttonIn({ value }: Opening): ButtonValue {
  const button = readButtonValue(value)
  if (!button) throw new Refusal('foreign_payload', 'a button that is not ours')
  return button
}
