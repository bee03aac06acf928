import type { Confirmation, Shell } from '../../core/confirmation.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { OperatorKey } from '../records.ts'

/** On whose word something is changed from outside every channel. */
export interface Word {
  /** Through what it comes: `cli`, `startup`, `sandbox`. */
  readonly via: string
  /** What was seen of the shell that it was typed at; null, or left out, where nobody typed it. */
  readonly shell?: Shell | null
  /** The key that came with the command, which acts as its person. */
  readonly operatorKey?: OperatorKey | null
  /** Id of the confirmation that this follows from. */
  readonly confirmation?: string
}

/** What a command turned out to stand on. */
export interface Stands {
  /** Who has still to confirm it; null when nobody has. */
  readonly confirmation: Confirmation | null
  /** The operator's key, where what it was used for is in its reach. */
  readonly operatorKey: OperatorKey | null
}

/** What was only claimed: nobody confirmed it and no key reaches it. */
export const onlyClaimed: Stands = { confirmation: null, operatorKey: null }

/**
 * How an entry says on whose word it happened (threats: claimed-administrator): `claimed` by whoever had the shell, or
 * `confirmed` by the people themselves, in their channel or by a key of theirs. What was seen of the shell names a person
 * perhaps, so it stands beside the leaf.
 */
export function saidBy(
  word: Word,
  { confirmation, operatorKey }: Stands,
): { readonly data: JsonObject; readonly kept: Readonly<Record<string, Json | undefined>> } {
  const isConfirmed = confirmation === null && (operatorKey !== null || word.confirmation !== undefined)
  return {
    data: {
      standing: isConfirmed ? 'confirmed' : 'claimed',
      confirmation: confirmation?.id ?? word.confirmation ?? null,
      operator_key: operatorKey?.id ?? null,
    },
    kept: { shell: word.shell ? { ...word.shell } : null },
  }
}
