import type { Reading } from './reader.ts'

/** Thrown within a reader where it does not go on: why, in one sentence for people, and where (UTF-16 units from the start). */
export class NotUnderstood extends Error {
  readonly at: number | undefined

  constructor(why: string, at?: number) {
    super(why)
    this.at = at
  }
}

/** What a reader makes of a value, where it may give up anywhere on the way. */
export function readingOr(read: () => Reading): Reading {
  try {
    return read()
  } catch (fault) {
    if (!(fault instanceof NotUnderstood)) throw fault
    const { message, at } = fault
    return { understood: false, why: message, ...(at !== undefined && { at }) }
  }
}

/** A piece of the value in a sentence: short, and in quotes. */
export function quoted(text: string): string {
  const [most, shown] = [40, JSON.stringify(text)]
  return shown.length <= most ? shown : `${shown.slice(0, most - 2)}…"`
}
