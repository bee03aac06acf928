import { resolve } from 'node:path'
import type { AskKind } from '../evidence.ts'

/** The rules that the soak runs under. */
export const policyDirectory = resolve('bench/soak/policy')

/** Whom the rules ask, as the people who click know it: which conversations, and by leg whoever may sit in it. */
export const asking = {
  release: { conversations: ['C0DEPLOYS'], legs: [['U0SAM', 'U0GRACE']] },
  export: {
    conversations: ['C0DATA', 'C0SECURITY'],
    legs: [
      ['U0BOB', 'U0PRIYA', 'U0OMAR'],
      ['U0PRIYA', 'U0SAM'],
    ],
  },
  flash: { conversations: ['C0APPROVALS'], legs: [['U0PRIYA', 'U0GRACE', 'U0SAM']] },
  pair: {
    conversations: ['C0APPROVALS'],
    legs: [
      ['U0PRIYA', 'U0GRACE', 'U0SAM'],
      ['U0PRIYA', 'U0GRACE', 'U0SAM'],
    ],
  },
  drain: { conversations: ['C0DEPLOYS'], legs: [['U0SAM', 'U0GRACE', 'U0PRIYA']] },
  written: { conversations: ['C0SECURITY'], legs: [['U0PRIYA', 'U0SAM']] },
} as const satisfies Partial<
  Record<AskKind, { conversations: readonly string[]; legs: readonly (readonly string[])[] }>
>

export type AskedOfPeople = keyof typeof asking

export function isAskedOfPeople(kind: string): kind is AskedOfPeople {
  return Object.hasOwn(asking, kind)
}

/** Seconds until a request of that kind expires. */
export const flashSeconds = 20

/** Seconds after which a reminder looks after a card that somebody deleted. */
export const remindSeconds = [12, 30] as const
