import { type Problem, Refusal, type RefusalCode } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'

/** One of the lines of a card for which an attempt did not count, and why. */
export interface Declined {
  /** Its line, counted from 1. */
  readonly line: number
  readonly request: ActionRequest
  readonly refusal: Refusal
}

/** The same, as it is told to whoever tried. */
export interface ToldDeclined {
  readonly line: number
  readonly code: RefusalCode
  readonly problems: readonly Problem[]
}

export function toldDeclined({ line, refusal: { code, problems } }: Declined): ToldDeclined {
  return { line, code, problems }
}

/** None of the lines is decided. Its code is that of the one that may pass, so that the click can be brought again, or of the first. */
export class NoneDecided extends Refusal {
  readonly each: readonly Declined[]

  constructor(each: readonly [Declined, ...Declined[]]) {
    const { refusal } = each.find((one) => one.refusal.passes) ?? each[0]
    super(refusal.code, refusal.message, refusal.problems)
    this.each = each
  }
}
