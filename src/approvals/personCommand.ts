import type { AccountKey } from '../core/identity.ts'
import type { Lowered } from '../core/narrowing.ts'
import type { Problem, RefusalCode } from '../core/refusal.ts'
import type { Way } from '../core/ways.ts'
import type { ToldDeclined } from './sets/declined.ts'

/** What a person does with a request, whatever channel it came through: which verb, and the attempt that it judges. */
export type PersonCommand<V extends Verb = Verb> = {
  readonly [K in V]: { readonly verb: K; readonly attempt: Attempts[K] }
}[V]

/** A verb's name is for good: refused attempts are on record under it. */
export type Verb = keyof Attempts

/** What each verb of a person needs. */
export interface Attempts {
  readonly approve: Vote
  readonly deny: Vote
  readonly withdraw: WithdrawalAttempt
  readonly escalate: EscalationAttempt
  readonly break_glass: BreakGlassAttempt
  readonly close_review: ReviewAttempt
  readonly ask_changes: NoteAttempt
  readonly ask_question: NoteAttempt
  readonly answer_question: NoteAnswerAttempt
  readonly narrow: NarrowingAttempt
}

/** What every attempt of a person says: on which request, with which account, through what. */
export interface PersonAttempt {
  readonly request: string
  readonly account: AccountKey
  /** The channel it came through, such as `slack`. */
  readonly via: string
  /** How it came, where that is not a card or a window of it. */
  readonly way?: Way
  /** The personal token that it came with. */
  readonly token?: string
  /** The card whose button was used, or null when there was none. */
  readonly card: string | null
  /** The message that the button stands on, as its card records it; left out where that was compared already. */
  readonly message?: string
  /** The conversation of that message, so that a copy of a card can be corrected where it stands. */
  readonly conversation?: string
  /** Name of the click: the same click delivered twice has the same name, and takes effect once. */
  readonly delivery: string
  /** Present when nobody stands beside it any more: then the person hears by a job how it ended, in the same commit. */
  readonly queued?: true
}

/**
 * How an attempt ended: done, or refused for good. `problems` are the places or sentences that the refusal named. `declined`: of several lines
 * of a card those for which it did not count.
 */
export interface Ending {
  readonly verb: Verb
  readonly refused: { readonly code: RefusalCode; readonly problems: readonly Problem[] } | null
  readonly declined?: readonly ToldDeclined[]
}

/** A request as a line of a card. */
export interface Listed {
  readonly request: string
  /** The facts of its action as they were rendered for this person. */
  readonly seen: string
}

/** One person's attempt to decide. */
export interface Vote extends PersonAttempt {
  /** Needed for a denial, and for an approval where the requirement asks for it. */
  readonly reason: string | null
  /** The texts that the requirement wants typed, as they were typed, in its order. Not looked at for a denial. */
  readonly typed: readonly string[]
  /** The facts of the action as they were rendered for this person. */
  readonly seen: string
  /** Of a card that asks about several requests: those that it listed for this button, each with its own facts. `request` is the one that carries the card. */
  readonly together?: readonly Listed[]
  /** Where it is one of several lines that one click decides: the ids of all that the click listed, for the record. */
  readonly listed?: readonly string[]
  /** Of a denial: the agent may ask the same again at once. Left out: not before its cool-down is over. */
  readonly mayAskAgain?: true
}

/** One person's attempt to take their approval back. */
export interface WithdrawalAttempt extends PersonAttempt {
  /** Whoever waits for them reads it; null when they do not say. */
  readonly reason: string | null
}

/** One person's attempt to bring in the next people now, before the policy would. */
export interface EscalationAttempt extends PersonAttempt {
  /** Why it cannot wait; the people who are brought in read it. */
  readonly reason: string
  /** Address of the people whom the person chose, or was shown: then it is those or nobody. The next ones where left out. */
  readonly to?: string
}

/** One person's attempt to let the action through alone. */
export interface BreakGlassAttempt extends PersonAttempt {
  readonly reason: string
  /** The facts of the action as they were rendered for this person. */
  readonly seen: string
}

/** One person's attempt to close the review of a broken glass. */
export interface ReviewAttempt extends PersonAttempt {
  /** What they found. */
  readonly note: string
}

/** One person's attempt to ask for changes, or to ask a question. */
export interface NoteAttempt extends PersonAttempt {
  readonly text: string
}

/** One person's attempt to answer a question that was put to them. */
export interface NoteAnswerAttempt extends PersonAttempt {
  /** The id of the question. */
  readonly to: string
  readonly text: string
}

/** One person's attempt to let less through than was asked. */
export interface NarrowingAttempt extends PersonAttempt {
  readonly lowered: Lowered
  /** Read in the thread; of their approval of what is left, its reason. Null when they give none. */
  readonly reason: string | null
  /** The facts of the narrowed action as they were rendered for this person. */
  readonly seen: string
}
