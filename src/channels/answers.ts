import { doneText } from '../approvals/perform.ts'
import type { Ending } from '../approvals/personCommand.ts'
import type { ToldDeclined } from '../approvals/sets/declined.ts'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { between, nothing, ours, outside, say, strong, type Text, typed } from '../card/span.ts'
import { stateOf } from '../card/state.ts'
import type { People, RequestView } from '../card/view.ts'
import { Refusal, type RefusalCode } from '../core/refusal.ts'
import { OldCard } from './oldCard.ts'

/** What somebody is told about what they did, and whom it names. */
export interface Answer {
  readonly says: Text
  readonly people: People
}

/** What goes by how things are done in one channel. */
export interface Wording {
  /** What to do about a refusal, where that differs from `advice`. */
  readonly advice: Partial<Record<RefusalCode, Text>>
  /** How somebody finds out what became of a request: `Look at the card, or …`, without a full stop. */
  readonly look: Text
}

/** What to do about a refusal, where there is something to do, in whatever channel. */
const advice: Partial<Record<RefusalCode, Text>> = {
  own_request: say`Ask one of the people that the card names.`,
  not_in_leg: say`The card names who can. If you should be among them, ask whoever manages that group.`,
  not_on_path: say`If you should be one of them, ask whoever maintains the policy.`,
  on_call_unknown: say`Your click was not used up: try again in a few seconds.`,
  via_not_allowed: say`Use the buttons of the card.`,
  confirmation_wrong: say`Use the button ${strong`Approve…`} on the card: it shows what to type.`,
  not_asked: say`Only the account that a message like this was sent to can answer it.`,
  confirmation_over: say`Nothing was changed. Whoever runs Countersign can ask again (${typed('countersign agents confirm')}).`,
  link_waits: say`Confirm that one first, or have it parted: whoever runs Countersign can ask for that (${typed('countersign people unlink')}).`,
  link_code_wrong: say`Enter it from the account that asked for it, as it stands in the message to the other one.`,
  too_many_codes: say`Wait an hour.`,
  may_not_stop: say`Whoever runs Countersign can: ${typed('countersign stop')}.`,
  may_not_register: say`Ask whoever maintains the policy, or whoever runs Countersign: ${typed('countersign agents add')}.`,
  name_taken: say`Names of agents are never used again: choose another one.`,
  looked_often: say`Nothing is lost: wait a few seconds, then look again.`,
  too_many_notes: say`Decide on it, or write in the thread: people read that, and Countersign does not.`,
  already_answered: say`Write in the thread of the card, if there is more to say.`,
  not_narrowable: say`Approve it as it was asked, deny it, or ask for changes.`,
  nothing_to_escalate: say`${strong`Who can decide?`} on the card shows who has been told.`,
  line_unnamed: say`Use the buttons on the card: those below for all lines, the menu beside a line for that one.`,
  view_needed: say`Use the button ${strong`Open full request`}.`,
  entry_unwritable: say`Tell whoever runs Countersign: its log says why, and until then trying again will not help.`,
  unknown_request: say`Only people who are behind a request, or can decide on it, see it.`,
}

/** What whoever did it is told about a refusal: the public sentence and what to do, never the detail. */
export function refusalText(wording: Wording, refusal: Refusal): Text {
  const where = refusal instanceof OldCard ? refusal.where : null
  const does = where ?? wording.advice[refusal.code] ?? advice[refusal.code] ?? nothing
  return between(
    [[ours(refusal.says)], lacking(refusal), does].filter((text) => text.length > 0),
    ' ',
  )
}

/** What a reason lacks is policy's own wording, and which accounts count as one is what nobody could guess. */
const explained: readonly RefusalCode[] = [
  'reason_rejected',
  'own_request',
  'already_decided',
  'own_break_glass',
  'not_staff',
  'on_call_unknown',
  'stopped',
  'not_narrowable',
  'not_narrower',
  'unknown_person',
  'cannot_stand_in',
]

function lacking(refusal: Refusal): Text {
  if (!explained.includes(refusal.code)) return nothing
  return between(
    refusal.problems.map((problem) => [outside(problem.detail, 400)]),
    ' ',
  )
}

export const queuedText = say`This takes longer than usual. It is safely queued under your name; the card changes when it counts.`

/** What stood in the way is said before it. */
export const stillQueuedText = say`It stays queued under your name and is tried again, at most until the request ends. You will hear how it ended.`

export const storeAwayText = say`Our database cannot take this just now.`

export const uncertainText = say`This takes longer than usual and nothing is recorded yet. You will be told how it ended.`

/** A refusal, and to whoever came too late how it ended; null when that cannot be shown. */
export function refusedAnswer(wording: Wording, refusal: Refusal, view: RequestView | null): Answer {
  const says = refusalText(wording, refusal)
  if (refusal.code !== 'wrong_state' || !view) return ourAnswer(says)
  return { says: say`${says} ${stateOf(view)}`, people: view.people }
}

/** What whoever did something that was queued hears when it has ended. */
export function endingAnswer(wording: Wording, view: RequestView, ending: Ending): Answer {
  const { verb, refused, declined } = ending
  if (declined && declined.length > 1 && refused) return ourAnswer(noneText(wording, declined))
  if (declined && !refused) return ourAnswer(partlyText(wording, declined))
  if (!refused) return ourAnswer([ours(doneText(verb, view).says)])
  const refusal = new Refusal(refused.code, 'a queued attempt was refused', refused.problems)
  const { says, people } = refusedAnswer(wording, refusal, view)
  return { says: say`That did not count. ${says}`, people }
}

/** What names nobody. */
export function ourAnswer(says: Text): Answer {
  return { says, people: new Map() }
}

/** What whoever decided several lines of a card hears when it counted for some and not for others. */
export function partlyText(wording: Wording, declined: readonly ToldDeclined[]): Text {
  return say`Your decision is recorded, but not for all lines.\n${eachText(wording, declined)}`
}

/** The same when it counted for none. */
export function noneText(wording: Wording, declined: readonly ToldDeclined[]): Text {
  return say`Nothing was decided.\n${eachText(wording, declined)}`
}

/** What is said of several lines is said once. */
function eachText(wording: Wording, declined: readonly ToldDeclined[]): Text {
  const said = new Map<string, { readonly says: Text; readonly lines: readonly number[] }>()
  for (const { line, code, problems } of declined) {
    const says = refusalText(wording, new Refusal(code, 'of one line', problems))
    const key = JSON.stringify(says)
    said.set(key, { says, lines: [...(said.get(key)?.lines ?? []), line] })
  }
  return between(
    [...said.values()].map(({ says, lines }) => say`• ${strong`${ours(lines.join(', '))}`}: ${says}`),
    '\n',
  )
}

/** What somebody is told when the database is the reason. What was tried by looking can have recorded nothing. */
const unavailableTexts = {
  looking: say`Our database does not answer just now, so this cannot be shown. Try again in a moment; if the problem persists, tell whoever runs Countersign.`,
  notRecorded: say`Our database cannot take this just now, so nothing was recorded. Try again in a moment; if the problem persists, tell whoever runs Countersign.`,
}

/** What somebody is told when something broke while they only wanted to see something. */
const brokenLookText = say`Something went wrong on our side, so this cannot be shown. Nothing was changed; whoever runs Countersign will find it in the log.`

/** Any error as what somebody is told who did something, or who only looked. */
export function errorText(wording: Wording, error: unknown, tried: 'doing' | 'looking' = 'doing'): Text {
  if (error instanceof Refusal) return refusalText(wording, error)
  const looked = tried === 'looking'
  if (!(error instanceof StoreUnavailable))
    return looked
      ? brokenLookText
      : say`Something went wrong on our side, and it is not certain that this was recorded. ${wording.look}, before you try again.`
  if (looked) return unavailableTexts.looking
  // Trying again without a look could be a second attempt.
  return error.unknown
    ? say`Our database did not answer, so it is not certain that this was recorded. ${wording.look}, before you try again.`
    : unavailableTexts.notRecorded
}
