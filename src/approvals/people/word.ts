import type { Confirmation, Shell } from '../../core/confirmation.ts'
import type { Account, PersonId } from '../../core/identity.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Change } from '../change.ts'
import type { OperatorKey } from '../records.ts'

/** On whose word something is changed that no request is about. */
export interface Word {
  /** Through what it comes: `cli`, `startup`, `sandbox`. */
  readonly via: string
  /** What was seen of the shell that it was typed at; null, or left out, where nobody typed it. */
  readonly shell?: Shell | null
  /** The key that came with the command, which acts as its person. */
  readonly operatorKey?: OperatorKey | null
  /** Id of the confirmation that this follows from. */
  readonly confirmation?: string
  /** Whoever does it themselves, in their channel: nobody else's word is in it. */
  readonly themselves?: InPerson
}

/** Somebody who does something themselves, as they were judged just now. */
interface InPerson {
  readonly account: Account
  /** Without what is only claimed to be theirs. */
  readonly person: PersonId
  /** Every id by which something on record may name them, without what is only claimed. */
  readonly ids: readonly PersonId[]
  /** What that was judged by: what they do is conditional on it. */
  readonly judgedBy: Required<Pick<Change, 'links' | 'holdings'>> & Pick<Change, 'judgedBy'>
  /** Name of what they sent: delivered twice, it takes effect once. */
  readonly delivery: string
}

/** What a commit is conditional on, where somebody does it themselves. */
export function asJudged({ themselves }: Word): Pick<Change, 'links' | 'holdings' | 'judgedBy' | 'delivery'> {
  return themselves ? { ...themselves.judgedBy, delivery: themselves.delivery } : {}
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
  const isTheirs = operatorKey !== null || word.confirmation !== undefined || word.themselves !== undefined
  const isConfirmed = confirmation === null && isTheirs
  return {
    data: {
      standing: isConfirmed ? 'confirmed' : 'claimed',
      confirmation: confirmation?.id ?? word.confirmation ?? null,
      operator_key: operatorKey?.id ?? null,
    },
    kept: {
      shell: word.shell ? { ...word.shell } : null,
      ...(word.themselves && { identity: { ...word.themselves.account } }),
    },
  }
}
