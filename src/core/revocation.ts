/**
 * Who took back what had been approved: one who had approved it, the operator, the agent, or the resource that its grant was for; or
 * what was found when it was to be granted or redeemed: an approval that does not count any more, a policy that denies it by now, a
 * stop that covers it; of a rollback, that something else has run on what it would undo (`target`), or that
 * this was not done (`first`); that an agent which it was asked through is revoked (`chain`).
 */
export type RevokedBy =
  | 'approver'
  | 'operator'
  | 'agent'
  | 'resource'
  | 'lost_approval'
  | 'policy'
  | 'stop'
  | 'target'
  | 'first'
  | 'chain'
