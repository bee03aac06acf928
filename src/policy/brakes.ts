import type { DefaultsShape } from './format/demandSchema.ts'

/** What keeps an agent from asking people too much, whatever it asks. */
export interface Brakes {
  /** For so long after a person denied it, the same action of the same agent is denied at once; 0 turns it off. */
  readonly denyCooldownSeconds: number
  /** So many requests of one agent may wait for people at once. */
  readonly maxPending: number
  /** So often may one account be mentioned in 24 hours by all agents together; by one of them, a third of it. It decides nothing else. */
  readonly mentionsPerDay: number
}

/** What is left out is on. */
export function brakesOf(defaults: DefaultsShape): Brakes {
  return {
    denyCooldownSeconds: defaults.deny_cooldown ?? 600,
    maxPending: defaults.max_pending ?? 20,
    mentionsPerDay: defaults.mentions_per_day ?? 30,
  }
}
