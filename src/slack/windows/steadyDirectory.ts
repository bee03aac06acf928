import { type Directory, DirectoryFault, NobodyThere } from '../../approvals/ports.ts'
import type { Account } from '../../core/identity.ts'
import type { AgeClock } from '../../lifetime/ageClock.ts'
import { createCache } from '../../lifetime/cache.ts'

/** Seconds for which an account may be remembered by what only shows something: whatever decides asks anew. */
const steadySeconds = 600

/**
 * A directory for showing lists to hundreds of people because of one change: accounts are remembered for minutes, so that nobody
 * is looked up again for each of them. Who is in a group is asked as ever: that is one question for all.
 */
export function steadyDirectory(directory: Directory, ages: Pick<AgeClock, 'now' | 'onJump'>): Directory {
  const accounts = createCache({
    seconds: steadySeconds,
    capacity: 5_000,
    ages,
    ask: (address) => directory.account(address),
  })
  return {
    account: (address) => accounts.get(address),
    isMember: (source, account) => directory.isMember(source, account),
    members: (source) => directory.members(source),
    find: (claim) => directory.find(claim),
    ...(directory.apart && { apart: directory.apart }),
  }
}

/** The same directory, where one account is known already. */
export function knowing(directory: Directory, known: Account): Directory {
  return {
    ...directory,
    account: async (address) => (address === known.key ? known : directory.account(address)),
  }
}

/** The same directory; `unsure` hears of each question that it could not answer. */
export function notingFaults(directory: Directory, unsure: () => void): Directory {
  const noting = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer
    } catch (fault) {
      if (fault instanceof DirectoryFault && !(fault instanceof NobodyThere)) unsure()
      throw fault
    }
  }
  return {
    account: (address) => noting(directory.account(address)),
    isMember: (source, account) => noting(directory.isMember(source, account)),
    members: (source) => noting(directory.members(source)),
    find: (claim) => noting(directory.find(claim)),
    ...(directory.apart && { apart: directory.apart }),
  }
}
