/** How often one agent may have somebody mentioned in 24 hours, of all that they may be (docs/policy.md, `mentions_per_day`). */
export function ofOneAgent(mentionsPerDay: number): number {
  return Math.floor(mentionsPerDay / 3)
}

export function boundText(mentionsPerDay: number): string {
  return `By the policy, nobody is mentioned more than ${mentionsPerDay} times in 24 hours, or ${ofOneAgent(mentionsPerDay)} times by one agent.`
}

/** Of sets that could not be looked up, as policy names them. */
export function unknownText(unknown: readonly string[]): string {
  return `Who is in ${unknown.join(', ')} could not be looked up just now: they may be asked more.`
}
