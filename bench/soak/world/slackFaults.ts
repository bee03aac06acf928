import type { Fault } from '../../../src/sandbox/slack/faults.ts'
import type { Random } from '../random.ts'

/** The ways in which a call to Slack fails, and how often beside each other. */
const ways = {
  'rate limited (429)': 25,
  'broken (500)': 20,
  'answer lost after success': 20,
  'reports a temporary error': 20,
  'no answer at all': 8,
  'no JSON (200)': 7,
} as const

export type WayToFail = keyof typeof ways

/** What Slack says when something of its own is not well, and the call may or may not have been done. */
const passing = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'] as const

/** Three calls in ten. */
const share = 0.3

/** How Slack is: well, failing three calls in ten, or away altogether. */
export type Weather = 'well' | 'bad' | 'away'

/** What the next call meets, or null when it works. */
export function nextFault(
  weather: Weather,
  random: Random,
): { readonly way: WayToFail; readonly fault: Fault } | null {
  if (weather === 'well') return null
  const way = random.weighted<WayToFail>(ways)
  const meets = random.chance(share)
  if (weather === 'away') return { way: 'broken (500)', fault: { kind: 'status', status: 503 } }
  return meets ? { way, fault: faultFor(way, random) } : null
}

function faultFor(way: WayToFail, random: Random): Fault {
  switch (way) {
    case 'rate limited (429)':
      return { kind: 'rate_limited', retryAfter: Math.ceil(random.between(0, 3)) }
    case 'broken (500)':
      return { kind: 'status', status: random.pick([500, 502, 503]) }
    case 'answer lost after success':
      return { kind: 'lost_answer' }
    case 'reports a temporary error':
      return { kind: 'error', error: random.pick(passing) }
    case 'no answer at all':
      return { kind: 'hang' }
    case 'no JSON (200)':
      return { kind: 'status', status: 200 }
  }
}
