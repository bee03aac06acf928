import type { Control } from './control.ts'
import { deviated, late, onlyGated, own, unapproved, unknownBehind, unreviewed } from './exceptions.ts'

/** Trust services criteria, common criteria (AICPA, TSP 100). */
export const soc2: readonly Control[] = [
  {
    id: 'CC6.1',
    framework: 'SOC 2',
    title: 'Logical access security',
    asks: 'Access to protected assets is restricted by software, rules and architecture.',
    shows:
      'Each privileged action of an agent was judged by a policy version that the entry names; what was approved became a permission for exactly that action, once, for a short time.',
    not: onlyGated,
    measures: ['asked', 'allowed', 'denied_by_policy', 'granted', 'redeemed', 'grants_refused'],
    population: 'granted',
    tables: ['population.csv', 'refused-attempts.csv'],
    exceptions: [unapproved],
  },
  {
    id: 'CC6.2',
    framework: 'SOC 2',
    title: 'Registering and removing access',
    asks: 'Users are registered and authorized before they get credentials, and credentials are removed when access is not needed any more.',
    shows:
      'Each agent, resource and key of an operator or auditor, who added and who ended it, and whether it was used in the period.',
    not: 'How people join and leave the directory (Slack, or whatever provisions it). That the list of agents was reviewed by somebody.',
    measures: [
      'agents_added',
      'agents_changed',
      'agents_revoked',
      'resources_changed',
      'operators',
      'auditor_keys',
      'people_changed',
    ],
    population: 'agents_added',
    tables: ['access-review.csv'],
    exceptions: [],
  },
  {
    id: 'CC6.3',
    framework: 'SOC 2',
    title: 'Roles, least privilege, segregation of duties',
    asks: 'Access is authorized by role and responsibility, with least privilege and segregation of duties.',
    shows:
      'Who may decide comes from the legs of the policy; nobody behind a request decided on it; attempts to do so were refused and recorded.',
    not: 'That the groups that the policy names have the right members.',
    measures: ['approvals', 'denials', 'own_attempts', 'refused_attempts'],
    population: 'approvals',
    tables: ['sod.csv', 'dual-authorization.csv'],
    exceptions: [own, unknownBehind],
  },
  {
    id: 'CC7.2',
    framework: 'SOC 2',
    title: 'Monitoring for anomalies',
    asks: 'System components are monitored for anomalies that indicate malicious acts or errors, and these are analysed.',
    shows:
      'What was not done as approved, second uses of grants, repeated attempts at self-approval: each recorded and told to people at once.',
    not: 'What people made of it: that is in your tickets.',
    measures: ['deviated', 'grants_refused', 'own_attempts', 'claims_disowned', 'alarms', 'stops'],
    population: 'deviated',
    tables: ['deviations.csv', 'refused-attempts.csv'],
    exceptions: [deviated, unapproved],
  },
  {
    id: 'CC7.3',
    framework: 'SOC 2',
    title: 'Evaluating security events',
    asks: 'Security events are evaluated, and acted upon where they are incidents.',
    shows: 'Emergencies and their reviews by somebody else; stops of agents, and who agreed to resume them.',
    not: 'Incident response outside of Countersign.',
    measures: ['glasses', 'reviews', 'overdue', 'stops', 'stopped', 'resumed', 'claims_disowned'],
    population: 'glasses',
    tables: ['break-glass.csv'],
    exceptions: [unreviewed, late],
  },
  {
    id: 'CC8.1',
    framework: 'SOC 2',
    title: 'Change management',
    asks: 'Changes are authorized, tested, approved and implemented; emergency changes are authorized and reviewed.',
    shows:
      'For each change by an agent the request, the approval before it, what was reported of it, its deviation and its rollback; for each change of policy its difference and who approved it.',
    not: 'That a change was tested, and changes that do not pass through Countersign.',
    measures: [
      'approved_by_people',
      'redeemed',
      'reported',
      'unreported',
      'deviated',
      'rollbacks',
      'policies',
    ],
    population: 'redeemed',
    tables: ['population.csv', 'break-glass.csv', 'unapproved-executions.csv', 'deviations.csv'],
    exceptions: [unapproved, deviated, unreviewed],
  },
]
