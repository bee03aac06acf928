import type { Requirement } from './requirement.ts'

/**
 * The permission for exactly one action, once, for minutes (docs/grants.md). A request has at most one. The token that carries it is
 * never stored: it is signed again from what stands here, and comes out the same, because RS256 repeats.
 */
export interface Grant {
  /** The token's `jti`: the number of its request under another prefix, so that each is found by the other. */
  readonly id: string
  /** Who is to believe the token: its `aud`. */
  readonly audience: string
  /** `id` for clouds and proxies, `at+jwt` (RFC 9068) for resource servers that understand approvals. */
  readonly profile: GrantProfile
  /** The `iss` it was minted under. */
  readonly issuer: string
  /** The `kid` of the key it was signed with. */
  readonly signedWith: string
  /** Id of the agent's key that asked for it; another cannot have the same token again. */
  readonly askedWith: string
  /** The thumbprint of the key that the agent proved to hold (RFC 9449), or null: then the token alone is enough. */
  readonly jkt: string | null
  /** RFC 3339, UTC, whole seconds, as the token says them. */
  readonly issuedAt: string
  readonly expiresAt: string
  /** Whose part it is to redeem it. */
  readonly spentBy: Spender['kind']
  /** The resource cannot say what it is about to run: the token alone is redeemed, without the action's digest. */
  readonly tokenOnly: boolean
  readonly redeemed: Redemption | null
}

export const grantProfiles = ['id', 'at+jwt'] as const
export type GrantProfile = (typeof grantProfiles)[number]

/** Who spends a grant: the agent that asked, or the resource that is to act. */
export interface Spender {
  readonly kind: 'agent' | 'resource'
  readonly id: string
}

/** A grant is redeemed once. `attempt` is the spender's own name for it: the same one again is a lost answer, any other a second use. */
export interface Redemption {
  readonly attempt: string
  readonly by: Spender
  /** The name of the proof that it came with, where there was one: the very same call again is a lost answer, too. */
  readonly proof?: string
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string
}

const requestPrefix = 'req_'
const grantPrefix = 'grt_'

export function grantIdOf(request: string): string {
  return grantPrefix + request.slice(requestPrefix.length)
}

/** The request that a grant belongs to, or null for what is no grant's id. */
export function requestIdOf(grant: string): string | null {
  return grant.startsWith(grantPrefix) ? requestPrefix + grant.slice(grantPrefix.length) : null
}

/** What counts where policy says nothing: how long after the approval a grant may be asked for, and how long it lives then. */
export const grantDefaults = { withinSeconds: 15 * 60, ttlSeconds: 2 * 60 } as const

/**
 * Until when what was approved can be used (RFC 3339): a grant that was minted until it ends, and what has none yet until it can be
 * asked for no more.
 */
export function usableUntil({ grant, settledAt, requirement, brokenGlass }: Usable): string {
  if (grant) return grant.expiresAt
  const terms = brokenGlass ? requirement?.breakGlass?.grant : requirement?.grant
  const { withinSeconds } = terms ?? grantDefaults
  return new Date(Date.parse(settledAt ?? '') + withinSeconds * 1_000).toISOString()
}

interface Usable {
  readonly grant?: Grant
  readonly settledAt: string | null
  readonly requirement: Requirement | null
  readonly brokenGlass: object | null
}

/** No token lives longer: what verifies it without us cannot be told that it has ended. */
export const longestGrantSeconds = 5 * 60
