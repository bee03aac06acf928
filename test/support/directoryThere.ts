import { type Directory, DirectoryFault, NobodyThere } from '../../src/approvals/ports.ts'
import type { Account } from '../../src/core/identity.ts'

export const objectOf = (nth: number) => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`
export const keyThere = (nth: number) => `teams:tenant:${objectOf(nth)}`

export function accountOf(key: string, name: string): Account {
  const email = `${name}@acme.test`
  return { key, name, email, human: true, active: true, guest: false, external: false }
}

/** A second directory in memory, whose accounts are known by their keys. */
export function directoryThere() {
  const people = new Map<string, Account>()
  const groups = new Map<string, readonly string[]>()
  const state = { down: false }
  const mayAsk = () => {
    if (state.down) throw new DirectoryFault('cannot know')
  }
  const directory: Directory = {
    account: async (address) => {
      mayAsk()
      const found = people.get(address)
      if (!found) throw new NobodyThere('nobody')
      return found
    },
    members: async (source) => {
      mayAsk()
      return groups.get(source.address.replace('teams:', '')) ?? []
    },
    isMember: async (source, key) => (await directory.members(source)).includes(key),
    find: async (claim) => {
      mayAsk()
      const all = [...people.values()].filter(({ active }) => active)
      return all.filter((one) => ('email' in claim ? one.email === claim.email : one.key === claim.address))
    },
  }
  const add = (nth: number, name: string) => {
    people.set(keyThere(nth), accountOf(keyThere(nth), name))
    return keyThere(nth)
  }
  return { people, groups, state, directory, add }
}
