import { doneText } from '../../approvals/perform.ts'
import type { Ending } from '../../approvals/personCommand.ts'
import type { ToldDeclined } from '../../approvals/sets/declined.ts'
import { StoreUnavailable } from '../../approvals/storeUnavailable.ts'
import { stateOf } from '../../card/state.ts'
import type { RequestView } from '../../card/view.ts'
import { Refusal, type RefusalCode } from '../../core/refusal.ts'
import { inline } from './escape.ts'
import { OldCard } from './oldCard.ts'
import { mrkdwnOf } from './spans.ts'

/** What to do about a refusal, where there is something to do. */
const advice: Partial<Record<RefusalCode, string>> = {
  own_request: 'Ask one of the people that the card names.',
  already_decided:
    'While the request is pending, you can take an approval back: *Take back my approval…* in the menu of the card, or `withdraw` in its thread.',
  not_in_leg: 'The card names who can. If you should be among them, ask whoever manages that group.',
  not_on_path: 'If you should be one of them, ask whoever maintains the policy.',
  identity_unknown: 'Slack could not say who you are or which groups you are in. Try again in a few seconds.',
  on_call_unknown: 'Your click was not used up: try again in a few seconds.',
  posted_by_app: 'Use the buttons on the card, or write it yourself as a plain reply in its thread.',
  via_not_allowed: 'Use the buttons of the card.',
  too_many_tokens: '`/approvals tokens` lists them, with the words that end one.',
  old_card: 'Use the newest card of this request, or `/approvals`.',
  card_unrecorded:
    'A click that was queued counts as soon as the card is on record. Otherwise use `/approvals`.',
  foreign_payload: 'Use the newest card of this request, or `/approvals`.',
  reason_needed: 'Write it after the word: `deny because …`, `escalate because …`.',
  reason_rejected:
    'Use the button *Approve…* on the card: it says what is required. Or write `approve because …`.',
  confirmation_wrong: 'Use the button *Approve…* on the card: it shows what to type.',
  not_asked: 'Only the account that a message like this was sent to can answer it.',
  confirmation_over:
    'Nothing was changed. Whoever runs Countersign can ask again (`countersign agents confirm`).',
  link_waits:
    'Confirm that one first, or have it parted: whoever runs Countersign can ask for that (`countersign people unlink`).',
  link_code_wrong:
    'Enter it from the account that asked for it, as it stands in the message to the other one.',
  link_code_over: 'Have another one sent: `/approvals link @other`.',
  too_many_codes: 'Wait an hour.',
  stopped: 'You can still deny it. `/approvals stops` says what is stopped and how it is resumed.',
  may_not_stop: 'Whoever runs Countersign can: `countersign stop`.',
  unknown_stop: '`/approvals stops` shows those that stand.',
  unknown_agent: '`/approvals agents` lists yours.',
  may_not_register:
    'Ask whoever maintains the policy, or whoever runs Countersign: `countersign agents add`.',
  name_taken: 'Names of agents are never used again: choose another one.',
  looked_often: 'Nothing is lost: wait a few seconds, then look again.',
  too_many_notes: 'Decide on it, or write in the thread: people read that, and Countersign does not.',
  already_answered: 'Write in the thread of the card, if there is more to say.',
  not_narrowable: 'Approve it as it was asked, deny it, or ask for changes.',
  nothing_to_escalate: '*Who can decide?* on the card shows who has been told.',
  line_unnamed:
    'Use the buttons on the card: those below for all lines, the menu beside a line for that one.',
  view_needed: 'Use the button *Open full request*.',
  entry_unwritable:
    'Tell whoever runs Countersign: its log says why, and until then trying again will not help.',
  unknown_request: 'Only people who are behind a request, or can decide on it, see it.',
}

/** What a clicker is told about a refusal: the public sentence and what to do, never the detail. */
export function refusalText(refusal: Refusal): string {
  const where = refusal instanceof OldCard ? refusal.link : null
  return [refusal.says, lacking(refusal), where ?? advice[refusal.code]].filter((text) => text).join(' ')
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

function lacking(refusal: Refusal): string {
  if (!explained.includes(refusal.code)) return ''
  return refusal.problems.map((problem) => inline(problem.detail, 400)).join(' ')
}

/** What a clicker is told when something broke that nobody refused. */
export const brokenText =
  'Something went wrong on our side, and it is not certain that this was recorded. Look at the card, or `/approvals show`, before you try again.'

export const queuedText =
  'This takes longer than usual. It is safely queued under your name; the card changes when it counts.'

/** What stood in the way is said before it. */
export const stillQueuedText =
  'It stays queued under your name and is tried again, at most until the request ends. You will hear how it ended.'

export const storeAwayText = 'Our database cannot take this just now.'

export const uncertainText =
  'This takes longer than usual and nothing is recorded yet. You will be told how it ended.'

/** The state a request is really in, for whoever came too late. */
export function stateText(view: RequestView): string {
  return mrkdwnOf(view.people, stateOf(view))
}

/** A refusal, and to whoever came too late how it ended; null when that cannot be shown. */
export function refusedText(refusal: Refusal, view: RequestView | null): string {
  const says = refusalText(refusal)
  return refusal.code === 'wrong_state' && view ? `${says} ${stateText(view)}` : says
}

/** What whoever did something that was queued hears when it has ended. */
export function endingText(view: RequestView, { verb, refused, declined }: Ending): string {
  if (declined && declined.length > 1 && refused) return noneText(declined)
  if (declined && !refused) return partlyText(declined)
  if (!refused) return doneText(verb, view).says
  const refusal = new Refusal(refused.code, 'a queued attempt was refused', refused.problems)
  return `That did not count. ${refusedText(refusal, view)}`
}

/** What whoever decided several lines of a card hears when it counted for some and not for others. */
export function partlyText(declined: readonly ToldDeclined[]): string {
  return `Your decision is recorded, but not for all lines.\n${eachText(declined)}`
}

/** The same when it counted for none. */
export function noneText(declined: readonly ToldDeclined[]): string {
  return `Nothing was decided.\n${eachText(declined)}`
}

/** What is said of several lines is said once. */
function eachText(declined: readonly ToldDeclined[]): string {
  const said = new Map<string, number[]>()
  for (const { line, code, problems } of declined) {
    const says = refusalText(new Refusal(code, 'of one line', problems))
    said.set(says, [...(said.get(says) ?? []), line])
  }
  return [...said].map(([says, lines]) => `• *${lines.join(', ')}*: ${says}`).join('\n')
}

/** What somebody is told when the database is the reason. What was tried by looking can have recorded nothing. */
const unavailableTexts = {
  looking:
    'Our database does not answer just now, so this cannot be shown. Try again in a moment; if the problem persists, tell whoever runs Countersign.',
  notRecorded:
    'Our database cannot take this just now, so nothing was recorded. Try again in a moment; if the problem persists, tell whoever runs Countersign.',
  // Trying again without a look could be a second attempt.
  maybeRecorded:
    'Our database did not answer, so it is not certain that this was recorded. Look at the card, or `/approvals show`, before you try again.',
} as const

/** What somebody is told when something broke while they only wanted to see something. */
const brokenLookText =
  'Something went wrong on our side, so this cannot be shown. Nothing was changed; whoever runs Countersign will find it in the log.'

/** Any error as what somebody is told who did something, or who only looked. */
export function textFor(error: unknown, tried: 'doing' | 'looking' = 'doing'): string {
  const looked = tried === 'looking'
  if (error instanceof StoreUnavailable)
    return unavailableTexts[looked ? 'looking' : error.unknown ? 'maybeRecorded' : 'notRecorded']
  if (error instanceof Refusal) return refusalText(error)
  return looked ? brokenLookText : brokenText
}
