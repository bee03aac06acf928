import type { Attempts, PersonCommand, Verb } from '../approvals/personCommand.ts'
import type { Ports } from '../approvals/ports.ts'
import { type Asks, asksOf } from '../approvals/sets/asks.ts'
import {
  approveForm,
  denyForm,
  escalateForm,
  glassForm,
  reviewForm,
  withdrawForm,
} from '../card/forms/deciding.ts'
import {
  askAgainField,
  longestProse,
  noteField,
  reasonField,
  targetField,
  typedField,
} from '../card/forms/fields.ts'
import { approveAllForm, denyAllForm } from '../card/forms/forAll.ts'
import type { FormContent } from '../card/forms/form.ts'
import { narrowForm } from '../card/forms/narrow.ts'
import { answerForm, changesForm, questionForm } from '../card/forms/notes.ts'
import { firstPoints } from '../card/text.ts'
import type { RequestView } from '../card/view.ts'
import type { AccountKey } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { answerButton } from './buttonValue.ts'
import {
  mayAnswerPending,
  mayApprovePending,
  mayBreakPending,
  mayCloseOpenReview,
  mayDecidePending,
  mayEscalate,
  mayWithdrawNow,
} from './mayOpen.ts'
import { mayNarrow, narrowingWritten, reviewNarrowing } from './narrowing.ts'
import { showing, type ViewOrigin } from './origin.ts'
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

/** What a channel needs to know of one verb. */
interface ChannelVerb<V extends Verb> {
  /** Id of its window. A button or an item of a card's menu with this id opens it; on the full view, `…_in_view`. */
  readonly window: string
  readonly form: (view: RequestView, origin: ViewOrigin) => FormContent
  /** The same for several lines of a card; left out where it is done line by line only. */
  readonly formForAll?: (views: readonly RequestView[], asks: Asks) => FormContent
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
    /** `mention`: how somebody is mentioned there, their id as its only group. */
    readonly read: (said: string, mention: string) => Words | null
    readonly attempt: (said: Said) => Attempts[V]
  } | null
}

/** Every verb of a person, as channels have it. */
export const channelVerbs: { readonly [V in Verb]: ChannelVerb<V> } = {
  approve: {
    window: 'approve_form',
    form: approveForm,
    formForAll: approveAllForm,
    mayOpen: mayApprovePending,
    letsThrough: true,
    written: ({ by, asks, seen, together, field }) => ({
      ...by,
      reason: asks.reason ? prose(field(reasonField)) : null,
      typed: asks.confirm.map((_, nth) => field(typedField(nth))),
      seen,
      ...(together && { together }),
    }),
    // Nothing is typed to confirm in a mention: an action that needs that is approved on its card.
    thread: { usage: ['approve', 'approve because …'], read: approvalIn, attempt: votedInThread },
  },
  deny: {
    window: 'deny',
    form: denyForm,
    formForAll: denyAllForm,
    mayOpen: mayDecidePending,
    letsThrough: false,
    written: ({ by, seen, together, field, ticked }) => ({
      ...by,
      reason: prose(field(reasonField)),
      typed: [],
      seen,
      ...(together && { together }),
      ...(ticked(askAgainField) && { mayAskAgain: true as const }),
    }),
    thread: { usage: ['deny because …'], read: denialIn, attempt: votedInThread },
  },
  withdraw: {
    window: 'withdraw',
    form: withdrawForm,
    mayOpen: mayWithdrawNow,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, reason: prose(field(reasonField)) || null }),
    thread: {
      usage: ['withdraw', 'withdraw because …'],
      read: withdrawalIn,
      attempt: ({ by, reason }) => ({ ...by, reason: reason || null }),
    },
  },
  escalate: {
    window: 'escalate',
    form: escalateForm,
    mayOpen: mayEscalate,
    letsThrough: false,
    written: ({ by, origin, field, chosen }) => {
      const to = chosen(targetField) ?? origin.to
      return { ...by, ...(to !== undefined && { to }), reason: prose(field(reasonField)) }
    },
    thread: {
      usage: ['escalate because …', 'escalate to @… because …'],
      read: escalationIn,
      attempt: ({ by, to, reason }) => ({ ...by, ...(to && { to }), reason }),
    },
  },
  break_glass: {
    window: 'break_glass',
    form: glassForm,
    mayOpen: mayBreakPending,
    letsThrough: true,
    written: ({ by, seen, field }) => ({ ...by, reason: prose(field(reasonField)), seen }),
    thread: null,
  },
  close_review: {
    window: 'close_review',
    form: reviewForm,
    mayOpen: mayCloseOpenReview,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, note: prose(field(noteField)) }),
    thread: null,
  },
  ask_changes: {
    window: 'ask_changes',
    form: changesForm,
    mayOpen: mayDecidePending,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, text: prose(field(noteField)) }),
    thread: {
      usage: ['ask for changes: …'],
      read: changesIn,
      attempt: ({ by, reason }) => ({ ...by, text: reason }),
    },
  },
  ask_question: {
    window: 'ask_question',
    form: questionForm,
    mayOpen: mayDecidePending,
    letsThrough: false,
    written: ({ by, field }) => ({ ...by, text: prose(field(noteField)) }),
    thread: {
      usage: ['ask: …'],
      read: questionIn,
      attempt: ({ by, reason }) => ({ ...by, text: reason }),
    },
  },
  answer_question: {
    // Its button stands on the message that puts the question, and on no card.
    window: answerButton,
    form: answerForm,
    mayOpen: mayAnswerPending,
    letsThrough: false,
    written: ({ by, origin: { note = '' }, field }) => ({ ...by, to: note, text: prose(field(noteField)) }),
    thread: null,
  },
  narrow: {
    window: 'narrow',
    form: narrowForm,
    mayOpen: mayNarrow,
    letsThrough: true,
    review: reviewNarrowing,
    written: ({ by, request, field, picked }) => ({
      ...by,
      ...narrowingWritten(request, { field, picked }),
      reason: prose(field(reasonField)) || null,
    }),
    thread: null,
  },
}

export const verbs = Object.keys(channelVerbs) as readonly Verb[] // the table's own keys

/** What can be said in a thread to have something done, as the help says it. */
export const usages = verbs.flatMap((verb) => channelVerbs[verb].thread?.usage ?? [])

/** The verb whose window has this callback id, if there is one. */
export function verbOfWindow(name: string): Verb | null {
  return verbs.find((verb) => channelVerbs[verb].window === name) ?? null
}

/** A window in which somebody writes, to be drawn. */
export interface OpenedForm {
  /** Its id. */
  readonly window: string
  readonly form: FormContent
  readonly origin: ViewOrigin
}

/** The window of a verb. */
export function windowOf(verb: Verb, view: RequestView, origin: ViewOrigin): OpenedForm {
  const { form, window, letsThrough } = channelVerbs[verb]
  // A window that lets nothing through does not show the action: what was seen is what it was opened from.
  const shows = letsThrough || origin.from === 'card'
  return opened(window, form(view, origin), shows ? showing(view, origin) : origin)
}

/** The window of a verb for several lines of a card. @throws Refusal `foreign_payload` for what is done line by line only */
export function windowForAll(verb: Verb, views: readonly RequestView[], origin: ViewOrigin): OpenedForm {
  const { formForAll, window } = channelVerbs[verb]
  if (!formForAll) throw new Refusal('foreign_payload', `a window to ${verb} several lines`)
  return opened(window, formForAll(views, asksOf(views.map(({ request }) => request))), origin)
}

/** Another form in the window of a verb. */
export function opened(window: string, form: FormContent, origin: ViewOrigin): OpenedForm {
  return { window, form, origin: { ...origin, ...form.keeps } }
}

/** What sending a verb's window commands. */
export function writtenCommand<V extends Verb>(verb: V, written: Written): PersonCommand<V> {
  return { verb, attempt: channelVerbs[verb].written(written) }
}

/** What saying a verb in a thread commands. @throws Refusal `foreign_payload` when it cannot be said there */
export function saidCommand<V extends Verb>(verb: V, said: Said): PersonCommand<V> {
  const { thread } = channelVerbs[verb]
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
