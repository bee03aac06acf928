/** Names of agents: what a person can read out over the phone. */
export const agentName = /^[a-z0-9][a-z0-9._-]{1,62}$/

/** What an operator calls several agents by: as names are, and a colon for a kind and its value, such as `team:data`. */
export const agentTag = /^[a-z0-9][a-z0-9._:-]{0,62}$/

/** Tags of one agent; conditions look through them. */
export const mostTags = 20

/** Names of agents by which people propose policies begin so: Countersign makes them, and nobody has their keys. */
export const policyToolPrefix = 'policy-tool.'
