import type { JsonObject } from '../../../core/json.ts'
import type { Anchored } from '../../../ledger/anchored.ts'

/** What an anchor may ask of the tree while it takes a checkpoint. */
export interface TreeProofs {
  /**
   * What shows that the tree of so many entries begins with one of `older` entries (RFC 6962, 2.1.2).
   *
   * @throws RangeError when the older one is larger
   */
  consistency(older: number, size: number): Promise<readonly Buffer[]>
}

/** The newest checkpoint that was looked for. */
export interface Newest {
  readonly anchored: Anchored | null
  /** What stands there and does not belong there, for the operator; null: nothing. */
  readonly strange: string | null
}

/**
 * What an anchor reads with: the checkpoint of a text; `another` when it is one of this ledger that is not looked for, and null when the
 * ledger has not signed it.
 */
export type Reading = (text: string) => Promise<Anchored | 'another' | null>

/** For whoever reads more than the newest. */
export interface HowToLook {
  /** Milliseconds that the whole look may take. */
  readonly limitMs?: number
  /** So many are read at most, evenly from the newest to the oldest. */
  readonly most?: number
  /** What is for more entries is passed over unread: its place says so. */
  readonly upTo?: number
}

/**
 * A place outside the database where checkpoints are kept. Each method ends within half a minute, and rejects with `AnchorFault` when the
 * place refuses or does not answer; it may have taken effect then.
 */
export interface Anchor {
  readonly name: string
  /** What kind of place it is, as the operator's file names it. */
  readonly kind: string
  /** Between two looks at it. */
  readonly everySeconds: number
  /** After so long the same checkpoint is put again, though no entry has come: silence would look like an end. */
  readonly againSeconds: number
  /**
   * Puts a checkpoint. The same one again is no fault, and leaves what stands there as it is. Resolves to what shows that it is there.
   *
   * @throws AnchorDispute when the place has something else for this ledger than this tree goes on from
   */
  put(anchored: Anchored, first: string, proofs: TreeProofs): Promise<JsonObject>
  /**
   * The newest of the ledger whose first name that is; null where what was put cannot be read.
   *
   * @throws AnchorDispute when what is not ours leaves no time for what is
   */
  readonly newest: ((first: string, reading: Reading, how?: HowToLook) => Promise<Newest>) | null
  /**
   * The names of the ledgers that have checkpoints there, as those say; nobody's signature is checked. Null where nothing can be read.
   * Of many, some.
   */
  readonly ledgers: (() => Promise<readonly string[]>) | null
  /** For `doctor`: what is wrong with it, or that it works. Nothing of the ledger is put. */
  check(): Promise<AnchorFinding>
}

export interface AnchorFinding {
  readonly ok: boolean
  readonly detail: string
  readonly fix: string | null
}

/** The anchor refused, or did not answer. The message is for the operator, and holds no secret. */
export class AnchorFault extends Error {
  override readonly name = 'AnchorFault'
}

/** The anchor holds something that does not fit this tree, and cannot be believed or compared further. Somebody has to look. */
export class AnchorDispute extends Error {
  override readonly name = 'AnchorDispute'
}
