/** Slack's rate limits: how often each method may be called, and how fast one channel may be posted to. */

/** Calls a minute by tier; the special ones have a rate of their own (facts: limits and transport). */
const perMinute = { tier1: 1, tier2: 20, tier3: 50, tier4: 100, special: 600 } as const

const tiers: Readonly<Record<string, keyof typeof perMinute>> = {
  'api.test': 'special',
  'auth.test': 'special',
  'apps.connections.open': 'tier4',
  'bots.info': 'tier3',
  'chat.delete': 'tier3',
  'chat.getPermalink': 'special',
  'chat.postEphemeral': 'tier4',
  'chat.postMessage': 'special',
  'chat.update': 'tier3',
  'conversations.history': 'tier3',
  'conversations.info': 'tier3',
  'conversations.list': 'tier2',
  'conversations.members': 'tier4',
  'conversations.open': 'tier3',
  'conversations.replies': 'tier3',
  'team.info': 'tier3',
  'usergroups.list': 'tier2',
  'usergroups.users.list': 'tier2',
  'users.info': 'tier4',
  'users.list': 'tier2',
  'users.lookupByEmail': 'tier3',
  'views.open': 'tier4',
  'views.publish': 'tier4',
  'views.push': 'tier4',
  'views.update': 'tier4',
}

/** One message a second and channel, with room for a short burst. */
const channelBurst = 5

export interface RateLimits {
  /** Seconds to wait before calling `method` again, or 0 when the call may go on (and was counted). */
  methodWait(method: string): number
  /** The same for posting to one channel, or to one response_url. */
  postWait(target: string): number
}

/** Limits that refill with time; `now` is in milliseconds. A minute's worth may be used at once. */
export function createRateLimits(now: () => number): RateLimits {
  const buckets = new Map<string, Bucket>()
  return {
    methodWait(method) {
      const rate = perMinute[tiers[method] ?? 'tier3']
      return take(buckets, `method ${method}`, { burst: rate, perSecond: rate / 60, at: now() })
    },
    postWait(target) {
      return take(buckets, `post ${target}`, { burst: channelBurst, perSecond: 1, at: now() })
    },
  }
}

/** Never makes anybody wait: for measurements of the app itself. */
export const noRateLimits: RateLimits = { methodWait: () => 0, postWait: () => 0 }

interface Bucket {
  tokens: number
  at: number
}

function take(
  buckets: Map<string, Bucket>,
  key: string,
  rate: { burst: number; perSecond: number; at: number },
): number {
  const bucket = buckets.get(key) ?? { tokens: rate.burst, at: rate.at }
  const elapsedSeconds = Math.max(0, rate.at - bucket.at) / 1000
  const tokens = Math.min(rate.burst, bucket.tokens + elapsedSeconds * rate.perSecond)
  const allowed = tokens >= 1
  buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: rate.at })
  return allowed ? 0 : Math.ceil((1 - tokens) / rate.perSecond)
}
