import type { ActionRequest } from '../../core/request.ts'

/** Reads what one card asks about. */
export interface CardLineReader {
  /** The requests of a set, in the order of their ids, which is that in which they were asked for. */
  setOf(set: string): Promise<readonly ActionRequest[]>
  /** The requests that share the card of this one because they ask the same (`alike`), in the order of their lines; this one is not among them. */
  alikeOn(carrier: string): Promise<readonly ActionRequest[]>
}
