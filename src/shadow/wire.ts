import type { PolicyVersion } from '../approvals/records.ts'
import type { Compared, JudgedRequest } from '../approvals/shadow/judge.ts'

/** What the thread is started with. */
export interface Pair {
  readonly base: PolicyVersion
  readonly head: PolicyVersion
}

/** What it is asked. */
export interface Question {
  readonly nth: number
  readonly requests: readonly JudgedRequest[]
}

/** What it says: once whether it has loaded both, then an answer to each question. */
export type Says =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'unloadable'; readonly why: string }
  | { readonly kind: 'compared'; readonly nth: number; readonly compared: Compared }
