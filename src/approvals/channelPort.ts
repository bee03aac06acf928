import type { ChangedAccount } from '../card/accountChange.ts'
import type { Alarm } from '../card/alarm.ts'
import type { Crowd } from '../card/crowd.ts'
import type { ToldDelegation } from '../card/delegation.ts'
import type { KeyEnd } from '../card/keyEnd.ts'
import type { News } from '../card/news.ts'
import type { People, RequestView } from '../card/view.ts'
import type { Asked, Confirmation } from '../core/confirmation.ts'
import type { AccountKey } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Entry } from '../ledger/entry.ts'
import type { MessageAt, TokenNews } from './job.ts'
import type { Ending } from './personCommand.ts'
import type { Card, PersonalToken } from './records.ts'

/**
 * Where cards stand: Slack, later others. Every method throws `ChannelFault` when the channel refuses or fails.
 * Any call may take effect although it throws, when `fault.unknown` is true.
 */
export interface Channel {
  /** Posts the card and resolves to the message's id in its conversation. */
  post(card: Card, view: RequestView): Promise<string>
  /**
   * The message of a card that this process is sure to have posted, while it remembers; null otherwise. For a posting
   * whose own record was lost: it is recorded now, instead of being posted twice.
   */
  postedAt(card: Card): Promise<string | null>
  /** Makes the posted card show the view; a `replaced` card shows only that another took its place. */
  update(card: Card, view: RequestView): Promise<void>
  /**
   * Makes a copy of a card that is not on record say that it decides nothing and which of the posted cards does. It says
   * nothing that can go out of date again.
   */
  disown(copy: MessageAt, known: { request: ActionRequest; cards: readonly Card[] }): Promise<void>
  /**
   * Whether a line may be sent in the card's thread now. Nothing is sent.
   *
   * @throws ChannelFault when it is not its turn yet
   */
  mayTell(card: Card): Promise<void>
  /** Tells ledger entries in the card's thread, all in one message; of those that people need not hear nothing is said. */
  tell(card: Card, view: RequestView, entries: readonly Entry[]): Promise<void>
  /** Reminds, in the thread, the sets of the legs that are still open, and only those; names the action and links to the card. */
  remind(card: Card, view: RequestView): Promise<void>
  /**
   * Tells one address what an alarm is about: a glass that was broken (`view.request.brokenGlass`), its overdue review, or
   * attempts of people behind the action. The address is a conversation, one account, or a set of people, and then each of
   * them hears it, except those of whom the alarm says that they may not.
   */
  alarm(address: string, view: RequestView, alarm: Alarm): Promise<void>
  /** Tells one account, and nobody else, how what they did with the request ended, some time after they did it. */
  answer(account: AccountKey, view: RequestView, ending: Ending): Promise<void>
  /** Puts a question, which is a note of the request, to one account, and to nobody else, with a way to answer it. */
  question(account: AccountKey, view: RequestView, note: string): Promise<void>
  /**
   * Shows one of those who are asked what was claimed in their name and what has become of it, in a message that is theirs
   * alone: posts it, or changes the one that they have. `code`: what they have to carry to the account that asked, while it does
   * something. Resolves to the message's id.
   */
  askToConfirm(asked: Asked, confirmation: Confirmation, code: string | null): Promise<string>
  /** Tells the account of a personal token, and nobody else, what has become of it. */
  tellOfToken(token: PersonalToken, news: TokenNews): Promise<void>
  /** Tells one of the two people of a delegation, and nobody else, what has become of it. */
  tellOfDelegation(account: AccountKey, about: ToldDelegation, people: People): Promise<void>
  /** Tells one address that somebody said of a claim in their name that it was not them. */
  soundDisowned(address: string, confirmation: Confirmation): Promise<void>
  /** Tells one address that an account is not as it was. */
  soundAccount(address: string, changed: ChangedAccount): Promise<void>
  /** Posts the one card that stands for all that wait in a conversation; resolves to the message's id. */
  postCrowd(conversation: string, crowd: Crowd): Promise<string>
  /** Makes it say how many wait now; null: that none does any more. */
  showCrowd(at: MessageAt, crowd: Crowd | null): Promise<void>
  /** Reminds those who are needed, in its thread. */
  remindCrowd(at: MessageAt, crowd: Crowd): Promise<void>
  /** Tells one account, and nobody else, what has become of what was asked for them, and of their agents, all in one message. */
  tellNews(account: AccountKey, news: News): Promise<void>
  /** Tells one account, and nobody else, that a key of an agent of theirs is about to expire, or has. */
  tellKeyEnd(account: AccountKey, about: KeyEnd): Promise<void>
}

/** The channel refused or failed. `message` is for the operator's log and names the fix where there is one. */
export class ChannelFault extends Error {
  override readonly name = 'ChannelFault'
  /** The channel's own word, such as `not_in_channel`. */
  readonly code: string
  /** True when the call may have taken effect (a timeout, a lost connection). */
  readonly unknown: boolean
  /** True when the card's message does not exist any more, or can never be changed again. */
  readonly gone: boolean
  /** Seconds the channel asked us to wait, if it did. */
  readonly retryAfterSeconds: number | null

  constructor(fault: {
    code: string
    message: string
    unknown: boolean
    gone?: boolean
    retryAfterSeconds?: number | null
  }) {
    super(fault.message)
    this.code = fault.code
    this.unknown = fault.unknown
    this.gone = fault.gone ?? false
    this.retryAfterSeconds = fault.retryAfterSeconds ?? null
  }
}
