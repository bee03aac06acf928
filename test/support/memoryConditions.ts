import type { Change, Put } from '../../src/approvals/change.ts'
import type { AgentKey, CoolDown, Versioned } from '../../src/approvals/records.ts'
import type { PersonId } from '../../src/core/identity.ts'
import { moves, type State } from '../../src/core/lifecycle.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { putsOf } from '../../src/store/batch.ts'
import { type Tables, tableNames } from './memoryTables.ts'

/** What the database's constraints and triggers refuse: bugs, not races. */
export function refuseImpossible(tables: Tables, change: Change): void {
  const requests = putsOf(change)
  const puts: Put<Versioned>[] = [
    ...tableNames.flatMap((name): readonly Put<Versioned>[] => change[name] ?? []),
    ...requests,
  ]
  for (const { expected, next } of puts)
    if (next.version !== (expected ?? 0) + 1)
      throw new RangeError('a version has to be one more than the expected one')
  for (const { expected, next } of requests) {
    const before = tables.requests.get(next.id)
    if (!before || before.version !== expected || before.state === next.state) continue
    const legal: readonly State[] = Object.values(moves[before.state])
    if (!legal.includes(next.state)) throw new RangeError(`${before.state} cannot become ${next.state}`)
  }
}

/** What is put there, and who puts it, is not at the version that it was computed from. */
export function misfits(tables: Tables, change: Change): boolean {
  const { agents = [], resources = [], signingKeys = [], policy, entries, caller, agentsRead = [] } = change
  const misfit = (table: ReadonlyMap<string, Versioned>, puts: readonly Put<Versioned>[] = []) =>
    puts.some(({ expected, next }) => (table.get(next.id)?.version ?? null) !== expected)
  const taken = <T extends Versioned & { readonly name: string }>(
    table: ReadonlyMap<string, T>,
    puts: readonly Put<T>[],
  ) =>
    puts.some(({ next }) => [...table.values()].some((one) => one.name === next.name && one.id !== next.id))
  return (
    misfit(tables.requests, putsOf(change)) ||
    misfit(tables.requests, change.erasure?.requests) ||
    tableNames.some((name) => misfit(tables[name], change[name])) ||
    taken(tables.agents, agents) ||
    taken(tables.resources, resources) ||
    (signingKeys.some(({ expected, next }) => expected === null && next.status === 'active') &&
      [...tables.signingKeys.values()].some(({ status }) => status === 'active')) ||
    (policy !== undefined &&
      (tables.activations.some((one) => one.id === policy.activation) ||
        (tables.activations.at(-1)?.filesDigest ?? null) !== policy.expected)) ||
    entries.some(({ entry }) => tables.ledger.some((one) => one.id === entry.id)) ||
    agentsRead.some(({ id, version }) => tables.agents.get(id)?.version !== version) ||
    (caller !== undefined &&
      (tables.agents.get(caller.agent.id)?.version !== caller.agent.version ||
        (caller.key !== undefined && !isAsRead(tables.keys.get(caller.key.id), caller.key.version)) ||
        (caller.resource !== undefined &&
          tables.resources.get(caller.resource.id)?.version !== caller.resource.version)))
  )
}

/** By the clock of the machine, as the database does. */
function isAsRead(key: AgentKey | undefined, version: number): boolean {
  return key?.version === version && (key.expiresAt === null || Date.parse(key.expiresAt) > Date.now())
}

export function isRepeated(tables: Tables, change: Change): boolean {
  return putsOf(change).some(
    ({ expected, next }) => expected === null && byKey(tables, next.agent.id, next.idempotencyKey) !== null,
  )
}

/** What it was judged by has changed since it was read. */
export function isReadAnew(tables: Tables, change: Change): boolean {
  const { links = [], holdings = [], coolDownReads = [], stopsRead, signedBy, tokenRead } = change
  const rowsOf = (person: PersonId) => [...tables.accounts.values()].filter((one) => one.person === person)
  return (
    links.some(({ id, version }) => (tables.accounts.get(id)?.version ?? null) !== version) ||
    holdings.some(({ person, rows }) => rowsOf(person).length !== rows) ||
    (stopsRead !== undefined && tables.stops.size !== stopsRead) ||
    (signedBy !== undefined && tables.signingKeys.get(signedBy.id)?.version !== signedBy.version) ||
    (tokenRead !== undefined && tables.personalTokens.get(tokenRead.id)?.version !== tokenRead.version) ||
    coolDownReads.some((read) => (tables.coolDowns.get(coolDownKey(read))?.request ?? null) !== read.request)
  )
}

export function isFull(tables: Tables, change: Change): boolean {
  const { atMostPending } = change
  const begin = putsOf(change).filter(({ expected, next }) => expected === null && next.state === 'pending')
  if (atMostPending === undefined || begin.length === 0) return false
  const waiting = [...tables.requests.values()].filter(
    ({ agent, state }) => state === 'pending' && agent.id === begin[0]?.next.agent.id,
  )
  return waiting.length + begin.length > atMostPending
}

export function coolDownKey({ agent, digest }: Pick<CoolDown, 'agent' | 'digest'>): string {
  return `${agent} ${digest}`
}

export function byKey(tables: Tables, agent: string, idempotencyKey: string): ActionRequest | null {
  return (
    [...tables.requests.values()].find(
      (one) => one.agent.id === agent && one.idempotencyKey === idempotencyKey,
    ) ?? null
  )
}
