/**
 * Bounds on a bundle (docs/policy.md#limits). They keep an evaluation in microseconds and the matching of people to
 * seats trivial; a bundle beyond them is refused when it is loaded. Times are seconds, sizes UTF-8 bytes.
 */
export const bundleLimits = {
  rules: 2_000,
  actions: 500,
  /** Rules that could apply to one action. */
  candidates: 200,
  /** Names that a refusal has to be able to list. */
  environments: 20,
  /** Entries of resources.yaml. */
  resources: 2_000,
  /** Other resources that one action names. */
  otherResources: 5,
  /** Labels of what a run has read; beyond, nothing is known of it. */
  runLabels: 200,
  legs: 6,
  seats: 10,
  reminders: 10,
  /** Dates on which nobody works. */
  holidays: 200,
  audiences: 50,
  /** Each that a rule about an action reads is counted for every request of it. */
  budgets: 50,
  /** UTF-16 units of a text in a parameter. */
  text: 64 * 1024,
  fileBytes: 1024 * 1024,
  depth: 32,
  expirySeconds: 30 * 86_400,
  /** Requests of one agent that wait for people: each commit that asks them counts so many rows at most. */
  pending: 10_000,
} as const
