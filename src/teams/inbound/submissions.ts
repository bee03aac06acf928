import type { Verb } from '../../approvals/personCommand.ts'
import type { Card } from '../../approvals/records.ts'
import { doInTime, type Outcome } from '../../channels/doInTime.ts'
import type { Doer } from '../../channels/hearing.ts'
import { makeWindow } from '../../channels/makeWindow.ts'
import { readOrigin, type ViewOrigin } from '../../channels/origin.ts'
import { isMenuChoice, readingWindow } from '../../channels/read.ts'
import { seenBy } from '../../channels/seeing.ts'
import { refuseUnshown, seenInFullView } from '../../channels/shown.ts'
import { cardNamed } from '../../channels/standingCard.ts'
import { besideFields, draftOf, formAgain, reviewed, type Submitted } from '../../channels/submitted.ts'
import { channelVerbs, verbOfWindow } from '../../channels/verbs.ts'
import type { Fields } from '../../channels/written.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { TeamsContext } from '../context.ts'
import { directTo, placeOf } from '../place.ts'
import type { Dialog } from '../windows/dialog.ts'
import { formDialog } from '../windows/form.ts'
import { readingDialog } from '../windows/reading.ts'
import { type DialogActivity, placeOf as placeIn } from './activities.ts'
import type { Reply } from './receiver.ts'
import { closing, showing, showingOutcome } from './replies.ts'
import { tellEnd } from './tell.ts'
import { doerOf } from './who.ts'

type Inputs = Readonly<Record<string, string>>

/** What was sent: to do something, or to read on. */
export type Sent =
  | { readonly kind: 'form'; readonly submitted: Submitted; readonly inputs: Inputs }
  | { readonly kind: 'window'; readonly make: () => Promise<Dialog> }

/**
 * What a window sent. It says itself where it came from, in ids that decide nothing: who may do what with them is judged again,
 * and a card that it names has to be of the request that it names (threats: confused-ids).
 *
 * @throws Refusal `foreign_payload`
 */
export function sentIn(teams: TeamsContext, activity: DialogActivity): Sent {
  const { send, origin: text, ...others } = activity.value.data
  const origin = typeof text === 'string' ? readOrigin(text) : null
  if (typeof send !== 'string' || !origin) throw new Refusal('foreign_payload', 'a window that is not ours')
  const doer = doerOf(teams, activity)
  const verb = verbOfWindow(send)
  if (verb) {
    const inputs = textsIn(others)
    return { kind: 'form', submitted: { doer, verb, origin, fields: fieldsOf(inputs) }, inputs }
  }
  return { kind: 'window', make: () => nextWindow(teams, activity, { send, origin, doer }) }
}

/**
 * Does what a window is for. It closes when that is recorded; what was not written as policy asks is said beside the field, and anything
 * else takes the window's place.
 */
export async function doSubmitted(
  teams: TeamsContext,
  activity: DialogActivity,
  { submitted, inputs }: Extract<Sent, { kind: 'form' }>,
): Promise<Reply> {
  const first = await reviewed(teams, submitted)
  if (first && 'show' in first) return showing(formDialog(first.show))
  if (first) return answerTo(teams, { submitted, inputs, outcome: first.outcome })
  const delivered = { account: submitted.doer.actor.address, ack: null }
  const { now, later } = await doInTime(teams, delivered, async () => {
    await refuseForeignCard(teams, activity, submitted.origin)
    if (channelVerbs[submitted.verb].letsThrough) await refuseUnshown(teams.ports, submitted.origin)
    const ready = () => refuseUnseen(teams, activity, submitted)
    return { ...(await draftOf(teams, submitted)), ready }
  })
  if (later)
    teams.follow(later.then((end) => (end.kind === 'repeated' ? undefined : tellEnd(teams, activity, end))))
  return answerTo(teams, { submitted, inputs, outcome: now })
}

interface Ended {
  readonly submitted: Submitted
  readonly inputs: Inputs
  readonly outcome: Outcome
}

async function answerTo(teams: TeamsContext, { submitted, inputs, outcome }: Ended): Promise<Reply> {
  const { kind, refusal } = outcome
  if (kind === 'recorded' || kind === 'repeated') return closing
  const errors = new Map(refusal ? besideFields(refusal, Object.keys(inputs)) : [])
  if (errors.size === 0) return showingOutcome(outcome)
  // What is wrong is said in any case; the form beside it only while there is time.
  const again = await resultWithin(
    formAgain(teams, submitted).catch(() => null),
    teams.slowAfter,
  )
  return again ? showing(formDialog(again, { inputs, errors })) : showingOutcome(outcome)
}

/** A window in the place of the one that was open: another page, or the form of a verb after the last page. @throws Refusal */
async function nextWindow(
  teams: TeamsContext,
  activity: DialogActivity,
  { send, origin, doer }: { readonly send: string; readonly origin: ViewOrigin; readonly doer: Doer },
): Promise<Dialog> {
  await refuseForeignCard(teams, activity, origin)
  const choice = send.replace(/^read_/, '')
  if (send.startsWith('read_') && isMenuChoice(choice))
    return readingDialog(await readingWindow(teams.ports, doer.actor.address, { choice, origin }))
  const verb = inView(send)
  if (!verb) throw new Refusal('foreign_payload', 'a window that is not ours')
  await seenInFullView(teams.ports, origin)
  return formDialog(await makeWindow(teams, doer, { verb, origin }))
}

function inView(send: string): Verb | null {
  return send.endsWith('_in_view') ? verbOfWindow(send.slice(0, -'_in_view'.length)) : null
}

/** A card that was sent to one person is theirs. @throws Refusal `foreign_payload` */
async function refuseForeignCard(
  { ports }: TeamsContext,
  activity: DialogActivity,
  { request, card }: ViewOrigin,
): Promise<void> {
  if (card === null) return
  const named = await cardNamed(ports.store, { request, card })
  if (named.card?.request !== named.request)
    throw new Refusal('foreign_payload', 'a window that names the card of another request')
  if (directTo(named.card.conversation) !== null && !standsHere(named.card, activity))
    throw new Refusal('foreign_payload', 'a window that names the card of somebody else')
}

/**
 * A window is opened where its card stands, or by somebody who may see the request: to whoever sends one all the same nothing is told of it
 * (threats: made-up-window).
 *
 * @throws Refusal `unknown_request`, `identity_unknown`
 */
async function refuseUnseen(
  { ports }: TeamsContext,
  activity: DialogActivity,
  { doer, origin }: Submitted,
): Promise<void> {
  const card = origin.card === null ? null : await ports.store.card(origin.card)
  if (!card || !standsHere(card, activity)) await seenBy(ports, doer.actor.address, origin.request)
}

function standsHere(card: Card, activity: DialogActivity): boolean {
  return placeOf(card)?.conversation === placeIn(activity).conversation
}

/** Inputs are text, as a ledger can keep it; Teams adds words of its own to what a window sends. */
function textsIn(data: Readonly<Record<string, unknown>>): Inputs {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, keepable(value)]] : [],
    ),
  )
}

function keepable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd')
}

function fieldsOf(inputs: Inputs): Fields {
  const written = (name: string): string => (Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '')
  const picked = (name: string): readonly string[] =>
    written(name)
      .split(',')
      .flatMap((value) => (value === '' ? [] : [decoded(value)]))
  return {
    field: written,
    ticked: (name) => written(name) === 'true',
    picked,
    chosen: (name) => picked(name)[0] ?? null,
  }
}

/** The values of choices stand there with commas between them, so they are encoded (`windows/form.ts`). */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
