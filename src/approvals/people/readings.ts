import type { Change, Holding, LinkRead } from '../change.ts'
import type { WhoIsWho } from '../known.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'

/** Ports whose look-ups of who is who are written down. */
export interface Readings {
  readonly ports: Ports
  /** What was looked up so far, for the commit of what was judged by it. */
  readonly read: () => Required<Pick<Change, 'links' | 'holdings'>>
}

/**
 * Everything that a judgement looks up of people comes from `from`, which may be memory, and is named in its commit: whatever
 * helper asked, however deep. What the judgement adds itself, somebody whom we see for the first time, is named as added.
 */
export function writtenDown(ports: Ports, from: WhoIsWho): Readings {
  // What was read as two versions, or as many and fewer, stays both, and so a conflict.
  const links = new Map<string, LinkRead>()
  const holdings = new Map<string, Holding>()
  const note = ({ id, version }: LinkRead) => links.set(`${version} ${id}`, { id, version })

  const accounts: WhoIsWho['accounts'] = async (ids) => {
    const rows = await from.accounts(ids)
    const versions = new Map(rows.map(({ id, version }) => [id, version]))
    for (const id of ids) note({ id, version: versions.get(id) ?? null })
    return rows
  }
  const accountsOf: WhoIsWho['accountsOf'] = async (...people) => {
    const rows = await from.accountsOf(...people)
    const held = new Map(people.map((person) => [person, 0]))
    for (const row of rows) {
      note(row)
      held.set(row.person, (held.get(row.person) ?? 0) + 1)
    }
    for (const [person, its] of held) holdings.set(`${its} ${person}`, { person, rows: its })
    return rows
  }
  const store: Ports['store'] = {
    ...ports.store,
    accounts,
    accountsOf,
    account: async (id) => (await accounts([id]))[0] ?? null,
    async commit(change) {
      const committed = await ports.store.commit(change)
      if (committed === 'applied') for (const { next } of change.accounts ?? []) added(next)
      return committed
    },
  }
  const added = ({ id, version }: LinkedAccount) => {
    links.delete(`${null} ${id}`)
    note({ id, version })
  }
  return {
    ports: { ...ports, store },
    read: () => ({ links: [...links.values()], holdings: [...holdings.values()] }),
  }
}
