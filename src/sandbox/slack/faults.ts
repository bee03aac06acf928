/** A switchboard for tests: makes the next calls of a method fail in one of the ways in which Slack fails. */

export type Fault =
  /** Answers `{ ok: false, error }`, and nothing happens. */
  | { readonly kind: 'error'; readonly error: string }
  /** Answers 429 and asks to wait so many seconds. */
  | { readonly kind: 'rate_limited'; readonly retryAfter: number }
  /** Answers a bare HTTP status, such as 500. */
  | { readonly kind: 'status'; readonly status: number }
  /** Takes the call and never answers. */
  | { readonly kind: 'hang' }
  /** Does what was asked, then the connection breaks before the answer. */
  | { readonly kind: 'lost_answer' }
  /** Waits until the promise settles, then goes on as usual: for races. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }

export interface Faults {
  /** The next `times` calls (Infinity: all) of `method` (`*`: any; `response_url` is one too) meet this fault. */
  next(method: string, fault: Fault, times?: number): void
  /** Everything works again. */
  clear(): void
  /** The fault this call meets, counted down. */
  take(method: string): Fault | undefined
}

/** No faults until a test asks for some; the oldest that fits is met first. */
export function createFaults(): Faults {
  let planned: { method: string; fault: Fault; left: number }[] = []
  return {
    next(method, fault, times = 1) {
      planned.push({ method, fault, left: times })
    },
    clear() {
      planned = []
    },
    take(method) {
      const plan = planned.find((one) => one.method === method || one.method === '*')
      if (plan === undefined) return undefined
      plan.left -= 1
      planned = planned.filter((one) => one.left > 0)
      return plan.fault
    },
  }
}
