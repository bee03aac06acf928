import type { ModalView } from '@slack/types'
import {
  mayAnswer,
  mayBreakGlass,
  mayCloseReview,
  mayDecide,
  mayTakeBackGlass,
  mayWithdraw,
} from '../../approvals/people/eligibility.ts'
import type { Attempts, PersonCommand, Verb } from '../../approvals/personCommand.ts'
import type { Ports } from '../../approvals/ports.ts'
import { refuseStopped } from '../../approvals/stops/refuse.ts'
import { firstPoints } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { escalationsLeft } from '../../core/escalations.ts'
import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { answerButton } from '../card/question.ts'
import {
  askAgainBlock,
  longestProse,
  noteBlock,
  reasonBlock,
  targetBlock,
  typedBlock,
} from '../windows/fields.ts'
import { approveForm, denyForm, escalateForm, glassForm, reviewForm, withdrawForm } from '../windows/forms.ts'
import { approveAllForm, denyAllForm } from '../windows/formsForAll.ts'
import { narrowForm } from '../windows/narrowForms.ts'
import { answerForm, changesForm, questionForm } from '../windows/noteForms.ts'
import type { ViewOrigin } from '../windows/shell.ts'
import { showing } from '../windows/shownIn.ts'
import { mayNarrow, narrowingWritten, reviewNarrowing } from './narrowing.ts'
import type { Review } from './review.ts'
import {
  approvalIn,
  changesIn,
  denialIn,
  escalationIn,
  questionIn,
  type Words,
  withdrawalIn,
} from './threadWords.ts'
import type { Said, Written } from './written.ts'

/** What Slack needs to know of one verb. */
interface SlackVerb<V extends Verb> {
  /** Callback id of its window. A button or an item of a card's menu with this id opens it; on the full view, `…_in_view`. */
  readonly window: string
  readonly draw: (view: RequestView, origin: ViewOrigin) => ModalView
  /** Refuses whoever may not do it, before they have written anything. The verb judges again. */
  readonly mayOpen: (ports: Ports, request: ActionRequest, account: AccountKey) => Promise<unknown>
  /** True when it lets the action through: then nobody gets there without having been shown all of it. */
  readonly letsThrough: boolean
  /** What is shown of it before what was written counts, and refuses what cannot; left out where sending the window is enough. */
  readonly review?: Review
  readonly written: (written: Written) => Attempts[V]
  /** How it is said in a thread; null when it takes its window. */
  readonly thread: {
    /** As the help says it. */
    readonly usage: readonly string[]
    readonly read: (said: string) => Words | null
    readonly attempt: (said: Said) => Attempts[V]
  } | null
}

/** Every verb of a person, as Slack has it. */
export const slackVerbs: { readonly [V in Verb]: SlackVerb<V> } = {
  approve: {
    window: 'approve_form',
    draw: approveForm,
    mayOpen: mayApprovePending,
    letsThrough: true,
    written: ({ by, asks, seen, together, field }) => ({
      ...by,
      reason: asks.reason ? prose(field(reasonBlock)) : null,
      typed: asks.confirm.map((_, nth) => field(typedBlock(nth))),
      seen,
      ...(together && { together }),
    }),
    // Nothing is typed to confirm in a mention: an action that needs that is approved on its card.
    thread: { usage: ['approve', 'approve because …'], read: approvalIn, attempt: votedInThread },
  },
  deny: {
    window: 'deny',
    draw: denyForm,
    mayOpen: mayDecidePending,
    letsThrough: false,
    written: ({ by, seen, together, field, ticked }) => ({
      ...by,
      reason: prose(field(reasonBlock)),
      typed: [],
      seen,
      ...(together && { together }),
      ...(ticked(askAgainBlock) && { mayAskAgain: true as const }),
    }),
    thread: { usage: ['deny because …'], read: denialIn, attempt: votedInThread },
  },
  withdraw: {
    window: 'withdraw',
    draw: withdrawForm,
    mayOpen: mayWithdrawNow,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, reason: prose(field(reasonBlock)) || null }),
    thread: {
      usage: ['withdraw', 'withdraw because …'],
      read: withdrawalIn,
      attempt: ({ by, reason }) => ({ ...by, reason: reason || null }),
    },
  },
  escalate: {
    window: 'escalate',
    draw: escalateForm,
    mayOpen: mayEscalate,
    letsThrough: false,
    written: ({ by, origin, field, chosen }) => {
      const to = chosen(targetBlock) ?? origin.to
      return { ...by, ...(to !== undefined && { to }), reason: prose(field(reasonBlock)) }
    },
    thread: {
      usage: ['escalate because …', 'escalate to @… because …'],
      read: escalationIn,
      attempt: ({ by, to, reason }) => ({ ...by, ...(to && { to }), reason }),
    },
  },
  break_glass: {
    window: 'break_glass',
    draw: glassForm,
    mayOpen: mayBreakPending,
    letsThrough: true,
    written: ({ by, seen, field }) => ({ ...by, reason: prose(field(reasonBlock)), seen }),
    thread: null,
  },
  close_review: {
    window: 'close_review',
    draw: reviewForm,
    mayOpen: mayCloseOpenReview,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, note: prose(field(noteBlock)) }),
    thread: null,
  },
  ask_changes: {
    window: 'ask_changes',
    draw: changesForm,
    mayOpen: mayDecidePending,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, text: prose(field(noteBlock)) }),
    thread: {
      usage: ['ask for changes: …'],
      read: changesIn,
      attempt: ({ by, reason }) => ({ ...by, text: reason }),
    },
  },
  ask_question: {
    window: 'ask_question',
    draw: questionForm,
    mayOpen: mayDecidePending,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, text: prose(field(noteBlock)) }),
    thread: {
      usage: ['ask: …'],
      read: questionIn,
      attempt: ({ by, reason }) => ({ ...by, text: reason }),
    },
  },
  answer_question: {
    // Its button stands on the message that puts the question, and on no card.
    window: answerButton,
    draw: answerForm,
    mayOpen: mayAnswerPending,
    letsThrough: false,
    written: ({ by, origin: { note = '' }, field }) => ({ ...by, to: note, text: prose(field(noteBlock)) }),
    thread: null,
  },
  narrow: {
    window: 'narrow',
    draw: narrowForm,
    mayOpen: mayNarrow,
    letsThrough: true,
    review: reviewNarrowing,
    written: ({ by, request, field, picked }) => ({
      ...by,
      ...narrowingWritten(request, { field, picked }),
      reason: prose(field(reasonBlock)) || null,
    }),
    thread: null,
  },
}

export const verbs = Object.keys(slackVerbs) as readonly Verb[] // the table's own keys

/** What can be said in a thread to have something done, as the help says it. */
export const usages = verbs.flatMap((verb) => slackVerbs[verb].thread?.usage ?? [])

/** The verb whose window has this callback id, if there is one. */
export function verbOfWindow(name: string): Verb | null {
  return verbs.find((verb) => slackVerbs[verb].window === name) ?? null
}

/** The window of a verb. */
export function windowOf(verb: Verb, view: RequestView, origin: ViewOrigin): ModalView {
  const { draw, window, letsThrough } = slackVerbs[verb]
  // A window that lets nothing through does not draw the action: what was seen is what it was opened from.
  const shows = letsThrough || origin.from === 'card'
  return { ...draw(view, shows ? showing(view, origin) : origin), callback_id: window }
}

/** The window of a verb for several lines of a card. @throws Refusal `foreign_payload` for what is done line by line only */
export function windowForAll(verb: Verb, views: readonly RequestView[], origin: ViewOrigin): ModalView {
  const draw = verb === 'approve' ? approveAllForm : verb === 'deny' ? denyAllForm : null
  if (!draw) throw new Refusal('foreign_payload', `a window to ${verb} several lines`)
  return { ...draw(views, origin), callback_id: slackVerbs[verb].window }
}

/** What sending a verb's window commands. */
export function writtenCommand<V extends Verb>(verb: V, written: Written): PersonCommand<V> {
  return { verb, attempt: slackVerbs[verb].written(written) }
}

/** What saying a verb in a thread commands. @throws Refusal `foreign_payload` when it cannot be said there */
export function saidCommand<V extends Verb>(verb: V, said: Said): PersonCommand<V> {
  const { thread } = slackVerbs[verb]
  if (!thread) throw new Refusal('foreign_payload', 'a mention of what takes a window')
  return { verb, attempt: thread.attempt(said) }
}

function votedInThread({ by, seen, reason }: Said): Attempts['approve'] & Attempts['deny'] {
  return { ...by, reason: reason || null, typed: [], seen }
}

/** What is typed to confirm is taken letter by letter; prose is not. */
function prose(text: string): string {
  return firstPoints(text.trim(), longestProse)
}

async function mayDecidePending(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  refuseSettled(request)
  await mayDecide(ports, request, account)
}

async function mayAnswerPending(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  refuseSettled(request)
  await mayAnswer(ports, request, account)
}

async function mayWithdrawNow(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  if (request.state !== 'approved') refuseSettled(request)
  const may = request.brokenGlass ? mayTakeBackGlass : mayWithdraw
  await may(ports, request, account)
}

async function mayApprovePending(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  await mayDecidePending(ports, request, account)
  await refuseStopped(ports, request)
}

async function mayEscalate(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  await mayDecidePending(ports, request, account)
  if (escalationsLeft(request).length === 0)
    throw new Refusal('nothing_to_escalate', 'a click on Escalate where every escalation took place')
}

async function mayBreakPending(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  refuseSettled(request)
  if (!request.requirement?.breakGlass)
    throw new Refusal('no_break_glass', 'a click on Break glass where policy offers no emergency path')
  await mayBreakGlass(ports, request, account)
  await refuseStopped(ports, request)
}

async function mayCloseOpenReview(ports: Ports, request: ActionRequest, account: AccountKey): Promise<void> {
  if (!request.brokenGlass || request.brokenGlass.review)
    throw new Refusal('no_open_review', 'a click on Close review where none is open')
  await mayCloseReview(ports, request, account)
}

function refuseSettled(request: ActionRequest): void {
  if (request.state !== 'pending')
    throw new Refusal('wrong_state', `a window for a request that is ${request.state}`)
}
