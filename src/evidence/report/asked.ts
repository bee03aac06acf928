import { objectIn, stringIn } from '../facts.ts'
import type { Recorded } from '../recorded.ts'
import { type Ref, refOf } from './counting.ts'

/** What an entry about a request says only once, when it is asked. */
export interface AskedBefore {
  readonly ref: Ref
  readonly action: string
  /** What policy said: `allow`, `deny`, `require_approval`. */
  readonly verdict: string | null
}

/** Requests that are not over, at most; and over ones that are remembered, for what is reported of them later. */
const mostWaiting = 100_000
const mostOver = 50_000

const endings = new Set([
  'request.approved',
  'request.denied',
  'request.expired',
  'request.cancelled',
  'request.narrowed',
])

/**
 * Remembers what was asked while requests wait, and for the last that are over. It forgets the oldest of each when there are too many:
 * then a figure is counted without a name or a time.
 */
export function rememberAsked() {
  const waiting = new Map<string, AskedBefore>()
  const over = new Map<string, AskedBefore>()
  return {
    /** What the entry's request asked for. To be called once for each entry, in order. */
    of(one: Recorded): AskedBefore | null {
      const { request, type, data } = one.entry
      if (request === null) return null
      if (type === 'request.submitted') {
        const asked = {
          ref: refOf(one),
          action: stringIn(data, 'action') ?? '',
          verdict: stringIn(objectIn(data, 'verdict'), 'kind'),
        }
        put(waiting, request, { asked, most: mostWaiting })
        return asked
      }
      const asked = waiting.get(request) ?? over.get(request) ?? null
      if (asked && endings.has(type) && waiting.delete(request)) put(over, request, { asked, most: mostOver })
      return asked
    },
    /** Everything that is asked and not over. */
    waiting: (): Iterable<AskedBefore> => waiting.values(),
  }
}

function put(
  kept: Map<string, AskedBefore>,
  request: string,
  { asked, most }: { readonly asked: AskedBefore; readonly most: number },
): void {
  kept.set(request, asked)
  if (kept.size <= most) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}
