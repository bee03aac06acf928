import { median } from '../../core/median.ts'
import type { OutcomeCode } from '../../core/outcome.ts'
import type { Answer } from '../simulation/answer.ts'
import type { Flow, Past } from './flows.ts'
import type { LeftOut } from './leftOut.ts'

/** From when on something was asked often enough to speak for itself. */
export interface Thresholds {
  /** Requests that people decided alike. */
  readonly times: number
  /** Different people among those who decided. */
  readonly deciders: number
  /** Days from the first to the last of them. */
  readonly days: number
  /** Decisions that took fewer seconds than this, in the median, were hardly read. */
  readonly hastySeconds: number
}

export const defaultThresholds: Thresholds = { times: 20, deciders: 2, days: 7, hastySeconds: 10 }

/** How it was decided, with numbers for people. */
export interface Decided {
  /** Requests that were decided so, oldest first. */
  readonly asked: readonly Past[]
  /** Ids of the different people who decided. */
  readonly deciders: number
  readonly days: number
  /** In the median, from the asking to the last decision. */
  readonly medianSeconds: number
  readonly isHasty: boolean
}

/** What people said to what was asked alike: always yes, always no, mostly no; or why that says too little. */
export type Said =
  | { readonly says: 'granted' | 'denied' | 'doubted'; readonly decided: Decided }
  | { readonly says: 'nothing'; readonly why: LeftOut }

/**
 * One that was denied among any number that were granted is enough for nothing to be let flow: and so is one of which the glass was
 * broken, that expired, or after which something was found. What nobody decided says nothing either way.
 */
export function saidTo({ asked }: Flow, thresholds: Thresholds): Said {
  const counted = asked.filter(({ answer }) => !answer.undoes && !saysNothing(answer))
  const granted = counted.filter(({ answer }) => isGranted(answer))
  const denied = counted.filter(({ answer }) => answer.outcome === 'denied')
  const clean = granted.length === counted.length
  if (counted.length === 0) return { says: 'nothing', why: 'runs' }
  if (clean) return enough(granted, thresholds, 'granted')
  const often = enough(denied, thresholds, granted.length === 0 ? 'denied' : 'doubted')
  if (often.says === 'nothing') return { says: 'nothing', why: granted.length === 0 ? 'rare' : 'refused' }
  if (granted.length > denied.length) return { says: 'nothing', why: 'mixed' }
  return often
}

/** Not decided by anybody: open, taken back by its agent, not told to anybody, or no question. */
const nothing: readonly (OutcomeCode | null)[] = [
  null,
  'allowed',
  'cancelled',
  'agent_revoked',
  'nothing_to_undo',
  'nobody_reachable',
]

function saysNothing({ outcome }: Answer): boolean {
  return nothing.includes(outcome)
}

/** Whether people let it through in the ordinary way, and nothing was found afterwards. */
export function isGranted({ outcome, afterwards }: Answer): boolean {
  return outcome === 'approved' && afterwards.length === 0
}

/** Whether somebody or something spoke against it. */
export function isRefused(answer: Answer): boolean {
  return !saysNothing(answer) && !isGranted(answer)
}

function enough(
  asked: readonly Past[],
  thresholds: Thresholds,
  says: 'granted' | 'denied' | 'doubted',
): Said {
  const decided = decidedEnough(asked, thresholds)
  return decided ? { says, decided } : { says: 'nothing', why: 'rare' }
}

/** How these were decided; null where they are too few, or were decided by too few people or in too short a time. */
export function decidedEnough(
  asked: readonly Past[],
  { times, deciders, days, hastySeconds }: Thresholds,
): Decided | null {
  const decided = decidedOf(asked, hastySeconds)
  return asked.length >= times && decided.deciders >= deciders && decided.days >= days ? decided : null
}

function decidedOf(asked: readonly Past[], hastySeconds: number): Decided {
  const times = asked.map(({ recorded }) => Date.parse(recorded.ask.at)).sort((one, other) => one - other)
  const seconds = asked.flatMap(({ answer }) => (answer.seconds === null ? [] : [answer.seconds]))
  const medianSeconds = median(seconds) ?? 0
  return {
    asked,
    deciders: new Set(asked.flatMap(({ answer }) => answer.by)).size,
    days: Math.floor(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 86_400_000),
    medianSeconds,
    isHasty: medianSeconds < hastySeconds,
  }
}
