import type { AccountKey, PersonId } from './identity.ts'

/** What a note can be: what is missing or too much, a question, or what somebody answers to one of both. */
export const noteKinds = ['changes', 'question', 'answer'] as const

/**
 * What somebody says about a request while it is pending. It is no state and no vote: the deadline goes on, and nothing is
 * released or ended by it.
 */
export interface Note<P extends PersonId = PersonId> {
  readonly id: string
  readonly kind: (typeof noteKinds)[number]
  /** `agent`: the agent that asked. Only an answer can be its. */
  readonly by: P | 'agent'
  /** The account that was used, for a person; null for the agent. */
  readonly account: AccountKey | null
  /** Untrusted prose, whoever wrote it. */
  readonly text: string
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
  /** Of an answer: the note that it answers. */
  readonly to?: string
}

/** So many notes that ask for something are kept of one request, and so many of one person. Each has two answers at most. */
export const mostAsked = 8
export const mostAskedByOne = 3

/** Those that ask for something, in order. */
export function askingNotes<N extends Note>(notes: readonly N[] = []): readonly N[] {
  return notes.filter(({ kind }) => kind !== 'answer')
}

/** What one side has answered to a note: its agent, or the person on whose behalf it asked; undefined where it has not. */
export function answerBy<N extends Note>(
  notes: readonly N[] = [],
  { to, side }: { readonly to: string; readonly side: 'agent' | 'initiator' },
): N | undefined {
  return notes.find((one) => one.to === to && (one.by === 'agent') === (side === 'agent'))
}

/** Whether somebody has asked for changes. */
export function wantsChanges(notes: readonly Note[] = []): boolean {
  return notes.some(({ kind }) => kind === 'changes')
}

/** How many notes were written about these requests. */
export function notesOn(requests: readonly { readonly notes?: readonly Note[] }[]): number {
  return requests.reduce((sum, { notes = [] }) => sum + notes.length, 0)
}
