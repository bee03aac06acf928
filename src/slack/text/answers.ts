import type { Ending } from '../../approvals/personCommand.ts'
import { say, strong, typed } from '../../card/span.ts'
import { stateOf } from '../../card/state.ts'
import type { RequestView } from '../../card/view.ts'
import { type Answer, endingAnswer, errorText, type Wording } from '../../channels/answers.ts'
import { mrkdwnOf } from './spans.ts'

/** What is typed after `/approvals` and said in threads. */
export const slackWording: Wording = {
  advice: {
    already_decided: say`While the request is pending, you can take an approval back: ${strong`Take back my approval…`} in the menu of the card, or ${typed('withdraw')} in its thread.`,
    identity_unknown: say`Slack could not say who you are or which groups you are in. Try again in a few seconds.`,
    posted_by_app: say`Use the buttons on the card, or write it yourself as a plain reply in its thread.`,
    too_many_tokens: say`${typed('/approvals tokens')} lists them, with the words that end one.`,
    old_card: say`Use the newest card of this request, or ${typed('/approvals')}.`,
    card_unrecorded: say`A click that was queued counts as soon as the card is on record. Otherwise use ${typed('/approvals')}.`,
    foreign_payload: say`Use the newest card of this request, or ${typed('/approvals')}.`,
    reason_needed: say`Write it after the word: ${typed('deny because …')}, ${typed('escalate because …')}.`,
    reason_rejected: say`Use the button ${strong`Approve…`} on the card: it says what is required. Or write ${typed('approve because …')}.`,
    link_code_over: say`Have another one sent: ${typed('/approvals link @other')}.`,
    stopped: say`You can still deny it. ${typed('/approvals stops')} says what is stopped and how it is resumed.`,
    unknown_stop: say`${typed('/approvals stops')} shows those that stand.`,
    unknown_agent: say`${typed('/approvals agents')} lists yours.`,
  },
  look: say`Look at the card, or ${typed('/approvals show')}`,
}

export function answerText({ says, people }: Answer): string {
  return mrkdwnOf(people, says)
}

/** The state a request is really in, for whoever came too late. */
export function stateText(view: RequestView): string {
  return mrkdwnOf(view.people, stateOf(view))
}

/** What whoever did something that was queued hears when it has ended. */
export function endingText(view: RequestView, ending: Ending): string {
  return answerText(endingAnswer(slackWording, view, ending))
}

/** Any error as what somebody is told who did something, or who only looked. */
export function textFor(error: unknown, tried: 'doing' | 'looking' = 'doing'): string {
  return mrkdwnOf(new Map(), errorText(slackWording, error, tried))
}
