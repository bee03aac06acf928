import { administrative } from '../../core/action.ts'
import { type Confirmation, withoutNamesOf } from '../../core/confirmation.ts'
import { comparedUntil, erasedRequest, isOpen, withoutWordsOf } from '../../core/erased.ts'
import type { PersonId } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { saltedDigest } from '../../ledger/entry.ts'
import { personValues, type ValueName } from '../../ledger/personValues.ts'
import type { Put } from '../change.ts'
import { formerIdsIn, peopleIn } from '../people/currentPeople.ts'
import type { ReadPorts } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import type { Erasable } from './records.ts'

/** So many values are emptied by one commit at most, so that others have their turn between two. */
const mostValues = 500
/** So many positions of the ledger are looked at by one statement. */
const span = 20_000

/** What is left to be erased, as much as fits one commit. */
export interface Part {
  /** By the entry that will say so. */
  readonly requests: (entry: string, at: string) => readonly Put<ActionRequest>[]
  readonly values: readonly ValueName[]
  readonly accounts: readonly Put<LinkedAccount>[]
  /** What they were asked to confirm, which has ended. */
  readonly confirmations: readonly Put<Confirmation>[]
  /** Requests that are open still: what somebody said about them stays until they have ended. */
  readonly leftOpen: readonly string[]
  /** Whoever is behind a request that it touches, or acted on one: none of them takes that evidence away. */
  readonly about: readonly PersonId[]
}

type Reading = Pick<ReadPorts, 'store' | 'clock'>

/**
 * What is left of it, part by part. Nothing is remembered of how far an erasure came: what is gone is not named again, so whoever
 * begins anew goes on.
 *
 * @throws Refusal `unknown_request`; `not_applicable` while anything of the request is still to come, a report of what was done included
 */
export function partsOf(ports: Reading, what: Erasable): AsyncIterable<Part> {
  return what.what === 'request' ? ofRequest(ports, what.id) : ofPerson(ports, what.id)
}

async function* ofRequest(ports: Reading, id: string): AsyncGenerator<Part> {
  const request = await erasableRequest(ports, id)
  const values = await keptValues(
    ports,
    (await ports.store.entries(id)).map((entry) => entry.id),
  )
  const whole = (entry: string, at: string): readonly Put<ActionRequest>[] => {
    return request.erased ? [] : [emptiedRequest(request, entry, at)]
  }
  for (let at = 0; at < values.length || (at === 0 && !request.erased); at += mostValues)
    yield {
      requests: at === 0 ? whole : () => [],
      values: values.slice(at, at + mostValues),
      accounts: [],
      confirmations: [],
      leftOpen: [],
      about: peopleIn(request),
    }
}

/** Without what it asked and what was said about it, as of a moment (RFC 3339) and by an entry. */
export function emptiedRequest(request: ActionRequest, entry: string, at: string): Put<ActionRequest> {
  const salted = request.salt === undefined ? null : saltedDigest(request.salt, request.digest)
  return { expected: request.version, next: erasedRequest(request, { at, entry }, salted) }
}

/** @throws Refusal `unknown_request`, `not_applicable` */
export async function erasableRequest(ports: Reading, id: string): Promise<ActionRequest> {
  const request = await ports.store.request(id)
  if (!request) throw new Refusal('unknown_request', 'no request of that id')
  if (isOfOurs(request)) throw ofOurs(request)
  const open = [request, ...(await ports.store.rollbacksOf([id]))].find((one) => isOpenNow(ports, one))
  if (open) throw stillOpen(`${open.id} is still ${open.state}, or its review is open`)
  const leases = await ports.store.leases({ request: id, limit: 1, states: ['issuing', 'out'] })
  if (leases.length > 0) throw stillOpen(`the credential ${leases[0]?.id} is out`)
  const until = request.erased ? null : comparedUntil(request)
  if (until !== null && ports.clock().toISOString() < until) throw stillCompared(until)
  return request
}

/** The record of a command of ours says who changed what. */
function isOfOurs({ action }: ActionRequest): boolean {
  return administrative.includes(action.action)
}

function ofOurs({ action }: ActionRequest): Refusal {
  return new Refusal('not_applicable', 'the record of a command of ours is not erased', [
    {
      pointer: '/request',
      detail: `The record of ${action.action} is not erased: it says who changed what.`,
    },
  ])
}

function isOpenNow({ clock }: Pick<ReadPorts, 'clock'>, request: ActionRequest): boolean {
  return isOpen(request, clock().toISOString())
}

function stillOpen(detail: string): Refusal {
  return new Refusal('not_applicable', `what is open cannot be erased: ${detail}`, [
    { pointer: '/request', detail: `What is open cannot be erased: ${detail}.` },
  ])
}

/** What is reported late is compared with what was approved, so that stays for as long as somebody may be late. */
function stillCompared(until: string): Refusal {
  return new Refusal('not_applicable', 'what was done is still to be compared with it', [
    {
      pointer: '/request',
      detail: `It was let through, and what is reported of it is compared with it until ${until}. Ask again then.`,
    },
  ])
}

async function* ofPerson(ports: Reading, person: string): AsyncGenerator<Part> {
  const rows = await ports.store.accountsOf(person)
  const people = new Set([person, ...formerIdsIn(rows)])
  const named = rows.filter(({ name }) => name !== forgottenName)
  const accounts = named.map((row) => ({
    expected: row.version,
    next: { ...row, version: row.version + 1, name: forgottenName },
  }))
  const confirmations = await namedConfirmations(ports, people)
  if (accounts.length + confirmations.length > 0)
    yield { requests: () => [], values: [], accounts, confirmations, leftOpen: [], about: [...people] }
  for (let position: number | null = 0; position !== null; ) {
    const page = await ports.store.entriesNaming([...people], { position, span })
    for (let at = 0; at < page.entries.length; at += mostValues) {
      const part = await wordsIn(ports, page.entries.slice(at, at + mostValues), people)
      if (part) yield part
    }
    position = page.next
  }
}

async function namedConfirmations({ store }: Reading, people: ReadonlySet<string>) {
  const puts: Put<Confirmation>[] = []
  for (const id of await store.endedConfirmationsOf([...people])) {
    const one = await store.confirmation(id)
    const next = one && withoutNamesOf(one, (person) => people.has(person))
    if (next && JSON.stringify({ ...next, version: one.version }) !== JSON.stringify(one))
      puts.push({ expected: one.version, next })
  }
  return puts
}

/** The name of an account that nobody is to be told any more. */
const forgottenName = 'Erased'

/** Of these entries: what is left to be erased of these people, in the values beside them and in their requests. */
async function wordsIn(
  ports: Reading,
  entries: Awaited<ReturnType<ReadPorts['store']['entriesNaming']>>['entries'],
  people: ReadonlySet<string>,
): Promise<Part | null> {
  const named = await ports.store.requestsOf([...new Set(entries.flatMap(({ request }) => request ?? []))])
  const ours = named.filter(isOfOurs).map(({ id }) => id)
  const requests = named.filter(({ id }) => !ours.includes(id))
  const open = requests.filter((request) => isOpenNow(ports, request)).map(({ id }) => id)
  const over = entries.filter(({ request }) => request === null || ![...open, ...ours].includes(request))
  const wanted = over.flatMap((entry) => personValues(entry, people))
  const kept = await keptValues(ports, [...new Set(wanted.map(({ entry }) => entry))])
  const values = kept.filter((one) => wanted.some((other) => isSame(one, other)))
  const reworded = requests
    .filter(({ id, erased }) => !open.includes(id) && !erased)
    .map((request) => ({ request, next: withoutWordsOf(request, (one) => people.has(one)) }))
    .filter(
      ({ request, next }) =>
        JSON.stringify({ ...next, version: request.version }) !== JSON.stringify(request),
    )
    .map(({ request, next }) => ({ expected: request.version, next }))
  if (values.length === 0 && reworded.length === 0) return null
  const touched = new Set([
    ...reworded.map(({ next }) => next.id),
    ...over.filter(({ id }) => values.some(({ entry }) => entry === id)).map(({ request }) => request),
  ])
  const about = requests.filter(({ id }) => touched.has(id)).flatMap((one) => peopleIn(one))
  return { requests: () => reworded, values, accounts: [], confirmations: [], leftOpen: open, about }
}

function isSame(one: ValueName, other: ValueName): boolean {
  return one.entry === other.entry && one.name === other.name
}

export function keptValues({ store }: Reading, entries: readonly string[]): Promise<readonly ValueName[]> {
  return entries.length === 0 ? Promise.resolve([]) : store.keptValues(entries)
}
