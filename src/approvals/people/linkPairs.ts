import { type Problem, Refusal } from '../../core/refusal.ts'
import { whyNotStaffOnceLinked } from '../../core/staff.ts'
import type { Ports } from '../ports.ts'
import { type PersonClaim, resolveAccount } from './identify.ts'
import { linkAccounts } from './linkAccounts.ts'
import type { Word } from './word.ts'

/** Two accounts that somebody says are one human's, and where they say it. */
export interface Pair {
  readonly line: number
  readonly account: PersonClaim
  readonly other: PersonClaim
}

/** What became of one pair. */
export interface PairLinked {
  readonly line: number
  readonly outcome: 'linked' | 'one_person_already' | 'refused'
  /** Why it was refused; empty otherwise. */
  readonly says: string
}

/**
 * Links pair after pair, each as `linkAccounts` does: what takes away holds at once, the rest waits for both accounts. All of them are looked up before the
 * first is linked, because what is joined by a slip of the pen only others can part. Said again, it does what is left to do.
 *
 * @throws Refusal `invalid_request` with what is wrong, line by line, and nothing linked; `directory_unavailable`
 */
export async function linkPairs(
  ports: Ports,
  { pairs, ...word }: Word & { readonly pairs: readonly Pair[] },
  linked: (one: PairLinked) => void,
): Promise<void> {
  const wrong: Problem[] = []
  for (const pair of pairs) wrong.push(...(await wrongIn(ports, pair)))
  if (wrong.length > 0)
    throw new Refusal('invalid_request', `${wrong.length} pairs that cannot be linked`, wrong)
  for (const { line, account, other } of pairs) {
    try {
      await linkAccounts(ports, { ...word, account, other })
      linked({ line, outcome: 'linked', says: '' })
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      const outcome = refusal.code === 'not_applicable' ? 'one_person_already' : 'refused'
      linked({ line, outcome, says: outcome === 'refused' ? refusal.says : '' })
    }
  }
}

async function wrongIn(ports: Ports, { line, account, other }: Pair): Promise<readonly Problem[]> {
  const pointer = `/${line}`
  const keys: string[] = []
  const wrong: Problem[] = []
  for (const claim of [account, other]) {
    try {
      const found = await resolveAccount(ports, claim, pointer)
      const fault = whyNotStaffOnceLinked(found)
      if (fault)
        wrong.push({ pointer, detail: `${saidBy(claim)}: the account is no full member (${fault}).` })
      keys.push(found.key)
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || refusal.code !== 'unknown_person') throw refusal
      wrong.push(
        ...refusal.problems.map(({ detail }) => ({ pointer, detail: `${saidBy(claim)}: ${detail}` })),
      )
    }
  }
  if (keys.length === 2 && keys[0] === keys[1]) wrong.push({ pointer, detail: 'Both are the same account.' })
  return wrong
}

function saidBy(claim: PersonClaim): string {
  return 'email' in claim ? claim.email : claim.address
}
