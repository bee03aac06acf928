import { administrative } from '../core/action.ts'
import { escalationsLeft } from '../core/escalations.ts'
import { narrowableOf } from '../core/narrowing.ts'
import type { AnyRequest } from '../core/request.ts'
import { isDecidedElsewhere } from '../core/set.ts'
import { type Facts, summaryOf } from './facts.ts'
import { isLiftable, isUnderReview } from './titles.ts'
import type { RequestView } from './view.ts'

/** What can be pressed: to do something with the request, or to read more about it. */
export interface CardButton {
  readonly command:
    | 'approve'
    | 'deny'
    | 'withdraw'
    | 'escalate'
    | 'break_glass'
    | 'close_review'
    | 'ask_changes'
    | 'ask_question'
    | 'narrow'
    | Reading
  readonly label: string
  readonly style: 'primary' | 'danger' | 'plain'
  /** True when it opens a window: what the window is for counts only when that is sent. */
  readonly window: boolean
  /** What is asked before a press without a window counts. */
  readonly confirm: Confirm | null
}

type Reading = 'full' | 'why' | 'who' | 'history'

interface Confirm {
  readonly title: string
  /** The action in one sentence: from outside, revealed, not cut. */
  readonly action: string
  readonly says: string
  readonly yes: string
  readonly no: string
}

export interface CardButtons {
  readonly main: readonly CardButton[]
  /** What is needed less often: at most five, which is what channels have room for. */
  readonly menu: readonly CardButton[]
}

const none: CardButtons = { main: [], menu: [] }

/**
 * What can be pressed on a card. An action that does not fit is opened first, and whatever decides it stands on the
 * last page of its full view; a denial by policy can be lifted and nothing else. What a stop holds cannot be let through.
 */
export function cardButtons(request: AnyRequest, facts: Facts, held?: RequestView['held']): CardButtons {
  const { main, menu } = buttonsOf(request, facts, held)
  const whole = menu.length > 0 ? [...menu, history] : menu
  const left = leftOut.slice(0, Math.max(0, whole.length - mostInMenu))
  return { main, menu: whole.filter(({ command }) => !left.includes(command)) }
}

/** Slack draws no more. */
const mostInMenu = 5
/** What the full request shows as well is left out where there is no room, in this order. */
const leftOut: readonly CardButton['command'][] = ['history', 'who', 'why']

function buttonsOf(request: AnyRequest, facts: Facts, held: RequestView['held']): CardButtons {
  const undone = undoing(request)
  if (isUnderReview(request)) return { main: [closeReview, ...undone], menu: reading }
  if (request.state !== 'pending') return undone.length > 0 ? { main: undone, menu: reading } : none
  const back = withdrawing(request)
  if (!facts.fits || (held && isLiftable(request))) return { main: [openFull], menu: [...reading, ...back] }
  if (isLiftable(request)) return { main: [breakGlass], menu: reading }
  // In the menu, so that nobody takes the emergency path by a slip of the finger.
  const glass = request.requirement?.breakGlass && !held ? [breakGlass] : []
  return { main: deciding(request, facts, held), menu: [...reading, askQuestion, ...back, ...glass] }
}

/** The same on the last page of the full view: by then the whole action has been read. */
export function viewButtons(
  request: AnyRequest,
  facts: Facts,
  held?: RequestView['held'],
): readonly CardButton[] {
  if (isUnderReview(request)) return [closeReview, ...undoing(request)]
  if (request.state !== 'pending') return undoing(request)
  if (isDecidedElsewhere(request)) return []
  const glass = request.requirement?.breakGlass && !held ? [breakGlass] : []
  return isLiftable(request)
    ? glass
    : [...deciding(request, facts, held), askQuestion, ...withdrawing(request), ...glass]
}

function deciding(request: AnyRequest, facts: Facts, held: RequestView['held']): readonly CardButton[] {
  const approving = asksInWriting(request) ? approveInWriting : approve(facts)
  const more = [askChanges, ...(escalationsLeft(request).length > 0 ? [escalate] : [])]
  const less = !held && narrowableOf(request).size > 0 ? [narrow] : []
  return [...(held ? [] : [approving]), ...less, deny, ...more]
}

/** Who looks is not known, so it is there for everybody as soon as somebody has an approval to take back. */
function withdrawing(request: AnyRequest): readonly CardButton[] {
  return request.decisions.some(({ kind, ended }) => kind === 'approve' && !ended) ? [takeBack] : []
}

/**
 * Until it is used, whoever let it through can take it back; who looks is not known. What only we do is done at once, and what policy
 * allowed nobody has approved.
 */
function undoing(request: AnyRequest): readonly CardButton[] {
  const { state, requirement, action } = request
  const isOpen = state === 'approved' && requirement !== null && !administrative.includes(action.action)
  return isOpen ? [undo] : []
}

/** True when an approval needs a reason or typed texts, so that it takes a window instead of a click. */
function asksInWriting({ requirement }: AnyRequest): boolean {
  return requirement !== null && (requirement.reason !== null || requirement.confirm.length > 0)
}

/** One click with a confirm that repeats the action. */
function approve(facts: Facts): CardButton {
  const confirm = {
    title: 'Approve this action?',
    action: summaryOf(facts),
    says: 'Exactly as shown.',
    yes: 'Approve',
    no: 'Not yet',
  }
  return { command: 'approve', label: 'Approve', style: 'primary', window: false, confirm }
}

/** Buttons that open a window; the dots say so where the word alone could be taken for the deed. */
const windows = {
  approve: ['Approve…', 'primary'],
  deny: ['Deny', 'danger'],
  withdraw: ['Take back my approval…', 'plain'],
  escalate: ['Escalate', 'plain'],
  break_glass: ['Break glass…', 'danger'],
  close_review: ['Close review…', 'primary'],
  ask_changes: ['Ask for changes…', 'plain'],
  ask_question: ['Ask a question…', 'plain'],
  narrow: ['Narrow…', 'plain'],
} as const satisfies Record<string, readonly [label: string, style: CardButton['style']]>

function opening(command: keyof typeof windows): CardButton {
  const [label, style] = windows[command]
  return { command, label, style, window: true, confirm: null }
}

const approveInWriting = opening('approve')
const deny = opening('deny')
const takeBack = opening('withdraw')
const undo: CardButton = { ...takeBack, label: 'Take back…', style: 'danger' }
const escalate = opening('escalate')
const breakGlass = opening('break_glass')
const askChanges = opening('ask_changes')
const askQuestion = opening('ask_question')
const closeReview = opening('close_review')
const narrow = opening('narrow')

function toRead(command: Reading, label: string): CardButton {
  return { command, label, style: 'plain', window: true, confirm: null }
}

/** Reads the whole request, wherever it is offered. */
export const openFull: CardButton = { ...toRead('full', 'Open full request'), style: 'primary' }

const reading = [
  toRead('full', 'Full request'),
  toRead('why', 'Why am I asked?'),
  toRead('who', 'Who can decide?'),
]
const history = toRead('history', 'History')
