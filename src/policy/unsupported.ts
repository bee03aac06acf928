/**
 * What the language has and this version does not, in one table: the name, and what to do instead. The loader refuses
 * each by name. To ignore one would be to run a policy that its author did not write.
 */
export const unsupported: ReadonlyMap<string, string> = new Map([
  ['when', 'tell the cases apart by action, environment or effect'],
  ['unless', 'tell the cases apart by action, environment or effect'],
  ['mode', 'remove it; every rule is enforced'],
  ['override', 'remove it; every denial is final'],
  ['break_glass', 'remove it; every approval goes through its legs'],
  ['reason', 'remove it; what the agent gives as its reason is shown on the card'],
  ['confirm', 'remove it; every approval asks once whether you are sure'],
  ['step_up', 'remove it, and ask for one more person'],
  ['escalate', 'use `remind`, or name more people in `from`'],
  ['review_within', 'remove it'],
  ['windows', 'remove it; rules do not depend on the time'],
  ['any_of', 'name all the sets in the `from` of one leg'],
  ['pagerduty_schedule', 'use a Slack user group'],
  ['oncall:', 'use a Slack user group, as in group:platform-leads'],
  ['agent_owner', 'name a group or a user; whoever owns the agent can never approve what it does'],
  ['manager(initiator)', 'name a group or a user'],
  ['distinct: false', 'remove it; one person never fills two seats'],
  ['uses', 'remove it, or set it to 1; a grant is spent once'],
  ['tests/', 'keep policy tests outside the bundle'],
])

/** The message for one entry of the table: names it, says that this version lacks it, and how to do without. */
export function unsupportedMessage(name: string): string {
  return `\`${name}\` is not supported by this version: ${unsupported.get(name) ?? 'remove it'}.`
}
