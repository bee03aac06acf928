import { type Directory, DirectoryFault, NobodyThere } from '../../src/approvals/ports.ts'
import type { Account, AccountKey } from '../../src/core/identity.ts'
import type { Source } from '../../src/core/requirement.ts'

/** A directory in memory: people by short name, groups by id. Tests change both while they run. */
export interface TestDirectory extends Directory {
  readonly accounts: Map<string, Account>
  readonly groups: Map<string, string[]>
  /** Makes somebody a guest, inactive or anything else. */
  changeAccount(user: string, change: Partial<Account>): void
  /** While true, nothing can be looked up. */
  down: boolean
  /** Groups that cannot be read. */
  readonly unreadable: Set<string>
}

const team = 'T0ACME'
export const keyOf = (user: string): AccountKey => `slack:${team}:${user}`

export function testDirectory(): TestDirectory {
  const staff = (user: string, email: string): [string, Account] => [
    user,
    {
      key: keyOf(user),
      name: user,
      email: `${email}@acme.test`,
      human: true,
      active: true,
      guest: false,
      external: false,
    },
  ]
  const people = ['alice', 'lee', 'bob', 'priya', 'sam', 'grace', 'omar', 'noor']
  const directory: TestDirectory = {
    accounts: new Map(people.map((name) => staff(`U0${name.toUpperCase()}`, name))),
    groups: new Map([
      ['S0PLATFORM', ['U0GRACE', 'U0NOOR']],
      ['S0SECURITY', ['U0PRIYA', 'U0SAM']],
      ['S0DATA', ['U0BOB', 'U0PRIYA']],
      ['S0IAM', ['U0SAM', 'U0GRACE', 'U0LEE']],
      ['S0INCIDENT', ['U0GRACE', 'U0OMAR']],
      ['S0NOBODY', []],
      ['S0ONLYBEHIND', ['U0ALICE', 'U0LEE']],
    ]),
    changeAccount: (user, change) => {
      const account = directory.accounts.get(user)
      if (!account) throw new Error(`no ${user}`)
      directory.accounts.set(user, { ...account, ...change })
    },
    down: false,
    unreadable: new Set(),
    account: async (address) => {
      const found = directory.accounts.get(userOf(address))
      if (directory.down) throw new DirectoryFault('cannot know')
      if (!found) throw new NobodyThere('nobody has that address')
      return found
    },
    members: async (source: Source) => {
      const id = userOf(source.address)
      if (directory.down || directory.unreadable.has(id)) throw new DirectoryFault('cannot know')
      if (source.kind === 'account') return [source.address]
      const members = directory.groups.get(id)
      if (!members) throw new DirectoryFault('no such group')
      return members.map((user) => directory.accounts.get(user)?.key ?? keyOf(user))
    },
    isMember: async (source, account) =>
      source.kind === 'account'
        ? userOf(source.address) === userOf(account) && (await directory.account(account)).key === account
        : (await directory.members(source)).includes(account),
    find: async (claim) => {
      if (directory.down) throw new DirectoryFault('cannot know')
      const fits = (account: Account) =>
        'email' in claim ? account.email === claim.email : account.key === keyOf(userOf(claim.address))
      return [...directory.accounts.values()].filter((account) => account.active && fits(account))
    },
  }
  return directory
}

function userOf(address: string): string {
  return address.split(':').at(-1) ?? ''
}
