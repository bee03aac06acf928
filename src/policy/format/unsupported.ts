/**
 * What the language has and this version does not, in one table: the name, and what to do instead. The loader refuses
 * each by name. To ignore one would be to run a policy that its author did not write.
 */
export const unsupported: ReadonlyMap<string, string> = new Map([
  ['any_of', 'name all the sets in the `from` of one leg'],
  ['agent_owner', 'name a group or a user; whoever owns the agent can never approve what it does'],
  ['manager(initiator)', 'name a group or a user'],
  ['distinct: false', 'remove it; one person never fills two seats'],
  ['uses', 'remove it, or set it to 1; a grant is spent once'],
])

/** The message for one entry of the table: names it, says that this version lacks it, and how to do without. */
export function unsupportedMessage(name: string): string {
  return `\`${name}\` is not supported by this version: ${unsupported.get(name) ?? 'remove it'}.`
}
