import { isFinal, type State } from '../core/lifecycle.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { createBell } from './bell.ts'
import { eventOf } from './events.ts'
import type { KeyOfAgent } from './known.ts'
import { mayGoOn } from './people/authenticate.ts'
import { registryTopic } from './people/registry.ts'
import type { ReadPorts } from './ports.ts'

/** What happened to a request, as it is told to whoever follows it. */
interface FollowedEvent {
  /** Where its entry stands in the ledger: the same number on every replica, and a later event has a higher one. */
  readonly position: number
  readonly type: string
  /** The state of the request after it. */
  readonly state: State
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

/** `beat`: nothing has happened for a while. `end`: nothing more will happen, because the request is in a final state. */
export type Followed = FollowedEvent | 'beat' | { readonly end: State }

/** As the safety net of whoever waits: woken by the commit, otherwise so often. */
const lookAgainAfterMs = 5_000

/** So many entries are read at a time. */
const pageSize = 100

/**
 * Tells what happened to a request after a position of the ledger, and goes on telling until it is final, `signal` aborts, or the key
 * of whoever follows counts no more or its agent is handed over: at once, and where nothing was heard of it, at the next look.
 * Reads no further than its reader has come, so a slow one holds up nothing but itself.
 */
export async function* follow(
  ports: Pick<ReadPorts, 'store' | 'clock'>,
  id: string,
  options: {
    readonly after: number
    readonly caller: KeyOfAgent
    readonly signal: AbortSignal
    readonly beatAfterMs: number
  },
): AsyncGenerator<Followed, void> {
  const { store } = ports
  const { after, caller, signal, beatAfterMs } = options
  const bell = createBell<'request' | 'registry'>()
  // Watched before it is read: a commit between the two would otherwise go unnoticed until the safety net.
  const unwatch = [
    store.watch(id, () => bell.ring('request')),
    store.watch(registryTopic, () => bell.ring('registry')),
  ]
  const story = readStory(store, id)
  let quietSince = performance.now()
  try {
    for (;;) {
      // First the request: whatever made it final is among the entries that are read after it.
      const request = await store.request(id)
      for await (const event of story.next()) {
        if (event.position <= after) continue
        yield event
        quietSince = performance.now()
      }
      if (!request) return
      if (isFinal(request.state)) return yield { end: request.state }
      if (signal.aborted) return
      await bell.rung(Math.min(lookAgainAfterMs, beatAfterMs), signal)
      if (signal.aborted || !(await isStillTheirs(ports, caller))) return
      if (performance.now() - quietSince < beatAfterMs) continue
      yield 'beat'
      quietSince = performance.now()
    }
  } finally {
    for (const end of unwatch) end()
  }
}

/** Nothing is told to whoever cannot come back. */
async function isStillTheirs(
  ports: Pick<ReadPorts, 'store' | 'clock'>,
  caller: KeyOfAgent,
): Promise<boolean> {
  try {
    return await mayGoOn(ports, caller)
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}

/** Whether there is still something to tell after a position, now or later. */
export async function hasMore(
  { store }: Pick<ReadPorts, 'store'>,
  { id, state }: ActionRequest,
  after: number,
): Promise<boolean> {
  if (!isFinal(state)) return true
  for await (const { position } of readStory(store, id).next()) if (position > after) return true
  return false
}

/** From its beginning, because the state after an entry follows from those before it. */
function readStory(store: ReadPorts['store'], id: string) {
  let last = 0
  let state: State = 'pending'
  return {
    async *next(): AsyncGenerator<FollowedEvent, void> {
      for (;;) {
        const page = await store.entriesAfter(id, { position: last, limit: pageSize })
        for (const { position, entry } of page) {
          last = position
          const event = eventOf(entry)
          if (!event) continue
          state = event.state ?? state
          yield { position, type: event.type, state, at: entry.ts }
        }
        if (page.length < pageSize) return
      }
    },
  }
}
