/** How much one agent may do, on each replica. */
export interface AgentLimits {
  /** New requests a second, for ever. */
  readonly perSecond: number
  /** New requests at once after a pause. */
  readonly burst: number
  /** Calls that wait at the same time. */
  readonly waiting: number
}

/** What an agent has for which nobody has set anything else. */
export const defaultAgentLimits: AgentLimits = { perSecond: 20, burst: 60, waiting: 200 }

/**
 * A new request may put a card before people; looking, cancelling, and what policy allows by itself do not. So an agent
 * may make so many of those for each new request.
 */
export const lightCalls = 5

/** The least and the most that can be set: enough to stop an agent nearly, and no more than one replica can do. */
export const limitRanges: Readonly<
  Record<keyof AgentLimits, { readonly least: number; readonly most: number }>
> = {
  perSecond: { least: 0.01, most: 1_000 },
  burst: { least: 1, most: 10_000 },
  waiting: { least: 0, most: 2_000 },
}

export function limitsOf({ limits }: { readonly limits: AgentLimits | null }): AgentLimits {
  return limits ?? defaultAgentLimits
}
