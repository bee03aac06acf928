import type { AgeClock } from '../../lifetime/ageClock.ts'
import type { Change } from '../change.ts'
import type { KeyOfAgent, Registry } from '../known.ts'
import type { StoreReader } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { isFormerPerson } from './currentPeople.ts'

/** What any commit tells that changes what somebody may remember. */
export const registryTopic = 'registry'

/**
 * Whether a change is news to whoever remembers. What is new is none, because it is not remembered that it is not there; except
 * that an id which stood for itself stands for another. (Another account of somebody known is found by the commit.)
 */
export function changesRegistry({ agents = [], keys = [], accounts = [] }: Change): boolean {
  const puts = [...agents, ...keys, ...accounts]
  return puts.some(({ expected }) => expected !== null) || accounts.some(({ next }) => isFormerPerson(next))
}

/** Rows: a company of ten thousand has a few times as many. Beyond that everything is forgotten, and read again when it is wanted. */
const mostRemembered = 50_000

/**
 * Forgets everything when a row has changed, when something may have been missed, and when the clocks of this machine
 * disagree. Nothing depends on that: whoever is told nothing is found out by the next commit, and forgets then.
 */
export function rememberRegistry(
  store: Pick<StoreReader, 'key' | 'accounts' | 'accountsOf' | 'watch'>,
  ages: Pick<AgeClock, 'onJump'>,
): Registry {
  const memory = createMemory()
  const keys = memory.table<KeyOfAgent>()
  store.watch(registryTopic, memory.forget)
  ages.onJump(memory.forget)
  const accountsOf = remembering(memory, {
    read: (people) => store.accountsOf(...people),
    by: ({ person }) => person,
    keepsNone: () => false,
  })
  return {
    remembered: (id) => keys.get(id) ?? null,
    async key(id) {
      const keep = memory.reading()
      const found = await store.key(id)
      // A key that is not there is not remembered: it may be there in a moment, and anybody can name any number of them.
      if (found) keep(() => keys.set(id, found))
      return found
    },
    accounts: remembering(memory, {
      read: (ids) => store.accounts(ids),
      by: ({ id }) => id,
      // Nor an account that is not there: somebody is about to be added under it. Hardly an id is ever given up.
      keepsNone: (id) => isFormerPerson({ id }),
    }),
    accountsOf: (...people) => accountsOf(people),
    forget: memory.forget,
  }
}

interface Memory {
  readonly table: <T>() => Map<string, T>
  readonly forget: () => void
  /** A read begins. What is returned keeps what it gave, unless something changed while it was on its way. */
  readonly reading: () => (keep: () => void) => void
}

function createMemory(): Memory {
  const tables: Map<string, unknown>[] = []
  let era = 0
  const forget = () => {
    era += 1
    for (const table of tables) table.clear()
  }
  return {
    table<T>() {
      const table = new Map<string, T>()
      tables.push(table)
      return table
    },
    forget,
    reading() {
      const began = era
      return (keep) => {
        if (began !== era) return
        if (tables.reduce((sum, { size }) => sum + size, 0) > mostRemembered) forget()
        keep()
      }
    },
  }
}

/** Rows of links by a column: those that are remembered from memory, the others from the store. */
function remembering(
  memory: Memory,
  how: {
    readonly read: (keys: readonly string[]) => Promise<readonly LinkedAccount[]>
    readonly by: (row: LinkedAccount) => string
    /** Whether it is worth remembering that there is no row. */
    readonly keepsNone: (key: string) => boolean
  },
): (keys: readonly string[]) => Promise<readonly LinkedAccount[]> {
  const known = memory.table<readonly LinkedAccount[]>()
  return async (keys) => {
    const remembered = keys.flatMap((key) => known.get(key) ?? [])
    const missing = keys.filter((key) => !known.has(key))
    if (missing.length === 0) return inOrder(remembered)
    const keep = memory.reading()
    const found = await how.read(missing)
    keep(() => {
      for (const key of missing) {
        const rows = found.filter((row) => how.by(row) === key)
        if (rows.length > 0 || how.keepsNone(key)) known.set(key, rows)
      }
    })
    return inOrder([...remembered, ...found])
  }
}

/** As the store gives them: each once, in the order of their ids. */
function inOrder(rows: readonly LinkedAccount[]): readonly LinkedAccount[] {
  if (rows.length < 2) return rows
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
