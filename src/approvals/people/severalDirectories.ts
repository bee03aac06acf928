import type { Account, AccountKey } from '../../core/identity.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { Directory, StoreReader } from '../ports.ts'
import { accountOrNobody } from './humans.ts'
import { ownBeside } from './membership.ts'

/** One directory of several. */
export interface DirectoryAt {
  readonly directory: Directory
  /** Whether it is the one that an address, or the key of an account, is of. */
  readonly has: (addressOrKey: string) => boolean
}

interface Linking {
  readonly first: DirectoryAt
  readonly store: Pick<StoreReader, 'account' | 'accountsOf'>
}

/**
 * Several directories as one. The first says who is on the staff. An account of another one stands for nobody until it is
 * linked to an account of the first, with both sides' word: until then one person could have two voices, or be behind an action by the one and approve
 * it by the other (threats: twin-accounts). Each is asked about what is its own, so one that does not answer stops only that.
 */
export function severalDirectories(
  first: DirectoryAt,
  others: readonly DirectoryAt[],
  store: Linking['store'],
): Directory {
  const all = [first, ...others]
  const of = (addressOrKey: string) => all.find((one) => one.has(addressOrKey)) ?? first
  const apart = (one: string, other: string) => {
    const at = of(one)
    return !at.has(other) && all.some((each) => each.has(other))
  }
  const marked = (at: DirectoryAt) => async (account: Account) =>
    at === first || first.has(account.key) || (await isLinked(account.key, { first, store }))
      ? account
      : { ...account, unlinked: true as const }
  const find = async (at: DirectoryAt, claim: Parameters<Directory['find']>[0]) =>
    Promise.all((await at.directory.find(claim)).map(marked(at)))
  return {
    account: async (addressOrKey) => {
      const at = of(addressOrKey)
      return marked(at)(await at.directory.account(addressOrKey))
    },
    members: (source) => of(source.address).directory.members(source),
    isMember: async (source, account) =>
      apart(source.address, account) ? false : of(source.address).directory.isMember(source, account),
    apart,
    find: async (claim) => {
      if (!('email' in claim)) return find(of(claim.address), claim)
      // Who has the address in the first is meant: the same address elsewhere counts as the same human anyway.
      const found = await find(first, claim)
      return found.length > 0 ? found : (await Promise.all(others.map((one) => find(one, claim)))).flat()
    },
  }
}

/** Whether somebody on the staff, by an account of the first, has this one, too, beyond a claim. */
async function isLinked(key: AccountKey, { first, store }: Linking): Promise<boolean> {
  const { own } = await ownBeside({ store }, key)
  for (const { id } of own.filter((one) => first.has(one.id))) {
    const account = await accountOrNobody(first.directory, id)
    if (account && whyNotStaff(account) === null) return true
  }
  return false
}
