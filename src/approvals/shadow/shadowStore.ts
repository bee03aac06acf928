import type { Shadow, ShadowBatch, ShadowRecord } from './records.ts'

/** What a store keeps of shadows. What they found is working memory, not record: it is counted, and removed with them. */
export interface ShadowReader {
  /** The one that judges now, or whose time is over and that nobody has ended yet. */
  runningShadow(): Promise<Shadow | null>
  /** The running one, or else the one that began last. */
  newestShadow(): Promise<Shadow | null>
  shadowRecord(shadow: string): Promise<ShadowRecord>
}

export interface ShadowStore extends ShadowReader {
  /**
   * Adds what a replica found, all of it or nothing. A batch that was written before changes nothing, and nor does one of a shadow that was
   * removed: so it can be sent again when the answer was lost.
   */
  addToShadow(batch: ShadowBatch): Promise<void>
}
