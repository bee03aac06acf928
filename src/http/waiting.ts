import type { ServerResponse } from 'node:http'
import type { KeyOfAgent } from '../approvals/known.ts'
import type { ReadPorts } from '../approvals/ports.ts'
import type { Agent } from '../approvals/records.ts'
import { waitUntilAllSettled } from '../approvals/sets/waitForSet.ts'
import { type HowToWait, type PortsOfWaiting, waitUntilSettled } from '../approvals/wait.ts'
import { isSettled } from '../core/lifecycle.ts'
import { notesOn } from '../core/note.ts'
import type { ActionRequest } from '../core/request.ts'
import { type Limits, limitsFor } from './limits.ts'
import { notesSeen } from './notesInTag.ts'

/** The longest wait, in seconds: proxies and SDKs give up at 60. */
const longestWaitSeconds = 55

/**
 * The request after the wait that the caller prefers, and the header that says so. Ends early when the request is
 * settled, a note was or is written that the caller has not seen, a stop begins or ceases to hold it, the caller hangs up or the server closes; then the state is the one of that moment. Whose key counts no more hears that instead. Who finds no seat is
 * answered at once, as if they had not asked to wait: RFC 7240 lets a server pass over a preference.
 */
export async function waitForRequest<Read extends ActionRequest>(
  api: { readonly ports: PortsOfWaiting<Read>; readonly seats: Seats },
  request: Read,
  call: Waiter,
): Promise<{ readonly latest: Read; readonly applied: Record<string, string> }> {
  return seated(api, call, {
    known: request,
    isOver: isSettled(request.state) || isNoteUnseen(call, [request]),
    wait: async (how) => (await waitUntilSettled(api.ports, request, how)) ?? request,
  })
}

/** The same for a set: after the wait all of its requests are settled, or it has ended as for one. */
export async function waitForSet(
  api: { readonly ports: Pick<ReadPorts, 'store' | 'stops' | 'clock'>; readonly seats: Seats },
  set: { readonly id: string; readonly requests: readonly ActionRequest[] },
  call: Waiter,
): Promise<{ readonly latest: readonly ActionRequest[]; readonly applied: Record<string, string> }> {
  return seated(api, call, {
    known: set.requests,
    isOver: set.requests.every(({ state }) => isSettled(state)) || isNoteUnseen(call, set.requests),
    wait: (how) => waitUntilAllSettled(api.ports, set, how),
  })
}

/** What a call that waits says of itself. */
interface Waiter {
  readonly prefer: string | undefined
  readonly ended: () => AbortSignal
  readonly caller: KeyOfAgent
  /** `If-None-Match`: what they know. */
  readonly knows?: string | undefined
}

function isNoteUnseen({ knows }: Waiter, requests: readonly ActionRequest[]): boolean {
  const seen = notesSeen(knows)
  return seen !== null && notesOn(requests) > seen
}

async function seated<Known>(
  { seats }: { readonly seats: Seats },
  call: Waiter,
  waiting: {
    readonly known: Known
    readonly isOver: boolean
    readonly wait: (how: HowToWait) => Promise<Known>
  },
): Promise<{ readonly latest: Known; readonly applied: Record<string, string> }> {
  const { known, isOver, wait } = waiting
  const seconds = waitOf(call.prefer)
  if (seconds === null) return { latest: known, applied: {} }
  const applied = { 'preference-applied': `wait=${seconds}` }
  if (isOver) return { latest: known, applied }

  const leave = seats.take(call.caller.agent)
  if (!leave) return { latest: known, applied: {} }
  try {
    return { latest: await wait({ caller: call.caller, seconds, signal: call.ended() }), applied }
  } finally {
    leave()
  }
}

/**
 * The `wait` preference (RFC 7240) in seconds, at most 55, or null when there is none. A preference that is not
 * understood is ignored, as the RFC asks; of several, the first counts.
 */
export function waitOf(prefer: string | undefined): number | null {
  for (const preference of (prefer ?? '').split(',')) {
    const [, name, quoted, bare] =
      /^\s*([\w-]+)\s*=\s*(?:"(\d{1,9})"|(\d{1,9}))\s*(?:;.*)?$/.exec(preference) ?? []
    if (name?.toLowerCase() === 'wait') return Math.min(Number(quoted ?? bare), longestWaitSeconds)
  }
  return null
}

/** Seats for calls that wait, a number of them for each agent. */
export interface Seats {
  /** Takes a seat and returns how to leave it, or null when this agent has none left. */
  take(agent: Pick<Agent, 'id' | 'limits'>): (() => void) | null
}

/** One agent must not hold so many calls open that others wait for sockets and look-ups (threats: flood). */
export function createSeats(usual: Limits): Seats {
  const taken = new Map<string, number>()

  return {
    take(agent) {
      const { id } = agent
      const sitting = taken.get(id) ?? 0
      if (sitting >= limitsFor(agent, usual).waiting) return null
      taken.set(id, sitting + 1)
      return () => {
        const left = (taken.get(id) ?? 1) - 1
        if (left > 0) taken.set(id, left)
        else taken.delete(id)
      }
    },
  }
}

/** The calls that wait now, so that closing the server ends their waiting and each still gets its answer. */
export interface OpenCalls {
  /** A signal that aborts when the caller hangs up, the call is answered, or all waiting ends. */
  begin(response: ServerResponse): AbortSignal
  /** From now on nobody waits. */
  endAll(): void
}

/** One for all calls: without a reason each would make an exception of its own, with its stack. */
const over = new Error('the call is over')

export function createOpenCalls(): OpenCalls {
  const open = new Set<AbortController>()
  let ended = false

  return {
    begin(response) {
      const controller = new AbortController()
      if (ended || response.destroyed) controller.abort(over)
      open.add(controller)
      response.once('close', () => {
        open.delete(controller)
        controller.abort(over)
      })
      return controller.signal
    },
    endAll() {
      ended = true
      for (const controller of open) controller.abort(over)
    },
  }
}
