/** Whose use is counted: of each agent, of each initiator who is attested, or of each entry of resources.yaml. */
export const budgetKeys = ['agent', 'initiator', 'resource'] as const
/** What is counted: what policy allowed by itself, or also what people let through. */
export const budgetOf = ['allowed', 'all'] as const

/** How often something may happen, or how much of it, in a stretch of time (docs/policy.md#budgets). */
export interface Budget {
  readonly name: string
  /** Names of the catalogue, sorted. */
  readonly actions: readonly string[]
  readonly per: (typeof budgetKeys)[number]
  /** Back from the request that is judged. */
  readonly windowSeconds: number
  readonly of: (typeof budgetOf)[number]
  /** The parameter that is added up, an amount of every one of the actions, and its currency; null where requests are only counted. */
  readonly sum: { readonly param: string; readonly currency: string } | null
}
