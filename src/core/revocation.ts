/**
 * Who took back what had been approved: one who had approved it, the operator, the agent, the resource that it
 * was for; or what was found when it was to be granted
 * or redeemed: an approval that does not count any more, a policy that denies it by now. A stop
 * revokes what it covers.
 */
export const revokers = [
  'approver',
  'operator',
  'agent',
  'resource',
  'lost_approval',
  'policy',
  'stop',
] as const
export type RevokedBy = (typeof revokers)[number]
