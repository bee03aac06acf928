import type { Account } from '../core/identity.ts'
import { linkOf } from './people/identify.ts'
import type { Directory, Ports, StoreReader } from './ports.ts'

/**
 * Ports for making one list: every row, account and group is looked up once, and what is asked in the same moment is one
 * statement. So the rules that judge a single click (`people/eligibility.ts`) judge hundreds of requests for as many
 * statements as one. What it has read it does not read again: use it for one list, and for nothing that commits.
 */
export async function oneLook(ports: Ports, viewer: Account): Promise<Ports> {
  await linkOf(ports, viewer) // before anything is remembered: whoever is seen for the first time is added
  return {
    ...ports,
    store: { ...ports.store, ...readOnce(ports.store) },
    directory: askOnce(ports.directory),
  }
}

type Read = Pick<
  StoreReader,
  'account' | 'accounts' | 'accountsOf' | 'agent' | 'requestsOf' | 'rollbacksOf' | 'asking'
> &
  Pick<StoreReader, 'activePolicy'>

/** The same for a list that nobody decides on: only what the store answers is remembered. */
export function readOnce(store: StoreReader): Read {
  const accounts = gathered(
    (keys) => store.accounts(keys),
    ({ id }) => id,
  )
  const accountsOf = gathered(
    (people) => store.accountsOf(...people),
    ({ person }) => person,
  )
  const requestsOf = gathered(
    (ids) => store.requestsOf(ids),
    ({ id }) => id,
  )
  const rollbacksOf = gathered(
    (ids) => store.rollbacksOf(ids),
    ({ rollsBack }) => rollsBack ?? '',
  )
  const agents = once(() => store.agents())
  const asking = remembered((query: Parameters<StoreReader['asking']>[0]) => store.asking(query))
  return {
    accounts,
    account: async (key) => (await accounts([key]))[0] ?? null,
    accountsOf: (...people) => accountsOf(people),
    requestsOf,
    rollbacksOf,
    agent: async (idOrName) => {
      const all = await agents()
      return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName) ?? null
    },
    asking,
    activePolicy: once(() => store.activePolicy()),
  }
}

function askOnce(directory: Directory): Directory {
  const member = remembered(([source, account]: Parameters<Directory['isMember']>) =>
    directory.isMember(source, account),
  )
  return {
    account: remembered((address: string) => directory.account(address)),
    isMember: (source, account) => member([source, account]),
    members: (source) => directory.members(source),
    find: (claim) => directory.find(claim),
    ...(directory.apart && { apart: directory.apart }),
  }
}

/** One answer for each question, also when it is a fault. */
function remembered<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>()
  return (question) => {
    const name = JSON.stringify(question)
    const answer = answers.get(name) ?? ask(question)
    answers.set(name, answer)
    return answer
  }
}

function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  const asked = remembered(ask)
  return () => asked(undefined)
}

/** Rows by a key, of which there may be none or several for one; in the order of their ids. What is wanted before the next turn is one read. */
function gathered<Row extends { readonly id: string }>(
  read: (keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): (keys: readonly string[]) => Promise<readonly Row[]> {
  const known = new Map<string, Promise<readonly Row[]>>()
  let next: { readonly keys: string[]; readonly rows: Promise<ReadonlyMap<string, readonly Row[]>> } | null =
    null
  const batch = (key: string): Promise<readonly Row[]> => {
    next ??= newBatch()
    next.keys.push(key)
    return next.rows.then((rows) => rows.get(key) ?? [])
  }
  const newBatch = () => {
    const keys: string[] = []
    const rows = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      next = null
      return grouped(await read(keys), keyOf)
    })
    return { keys, rows }
  }
  return async (keys) => {
    const wanted = [...new Set(keys)]
    for (const key of wanted) if (!known.has(key)) known.set(key, batch(key))
    const found = await Promise.all(wanted.map((key) => known.get(key) ?? []))
    return found.flat().sort((a, b) => (a.id < b.id ? -1 : 1))
  }
}

function grouped<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row)) ?? []
    group.push(row)
    groups.set(keyOf(row), group)
  }
  return groups
}
