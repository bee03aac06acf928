import type { EntryType } from '../../src/ledger/entry.ts'
import { ask } from '../support/world.ts'
import { drain, type Stage } from './stage.ts'
import type { Outside } from './trap.ts'

/** Codes of attempts that were refused because somebody could not be asked: they took no effect, and may come again. */
const passing: readonly string[] = ['identity_unknown', 'directory_unavailable']

/** One verb in one situation. */
export interface Errand {
  /** Prepares the situation; resolves to the verb, as its caller calls it each time. */
  arrange(stage: Stage): Promise<(outside: Outside) => Promise<unknown>>
  /** What is there in the end, for comparing: it is the same however often and wherever things went wrong. */
  result(stage: Stage): Promise<unknown>
  readonly expected: unknown
}

/** The states of all requests, and the kinds of the entries about them, in order, except what may come again. */
export async function story({ store }: Stage, except: readonly EntryType[] = []) {
  const requests = await store.requests({ limit: 10 })
  const entries = store.ledger
    .filter((entry) => entry.request !== null && !passing.includes(String(entry.data.code)))
    .map((entry) => entry.type)
    .filter((type) => type !== 'card.posted' && !except.includes(type))
  return { states: requests.map((one) => one.state), entries }
}

/** A request of which a card stands in its channel. */
export async function announced(stage: Stage, action: string) {
  const request = await ask(stage.world, action)
  await drain(stage)
  return request
}

/** The entries about anything but requests and new people, in order, after those with which the world began. */
export async function register({ store }: Stage): Promise<readonly EntryType[]> {
  const about = store.ledger.filter((entry) => entry.request === null && entry.type !== 'person.added')
  return about.map((entry) => entry.type).slice(1)
}
