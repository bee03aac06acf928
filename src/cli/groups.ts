import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import type { Run } from './policy/printed.ts'

/** Commands that are in one module. */
export interface Group {
  /** What `--help` says of each, by its name; the module says the same. */
  readonly says: Readonly<Record<string, string>>
  load(): Promise<(program: Command, by: { readonly guarded: Guard; readonly printing: Run }) => void>
}

/** Every command, in the order of `--help`. */
export const groups: readonly Group[] = [
  {
    says: { start: 'start the server: API, Slack, Teams, jobs' },
    load: async () => {
      const { addStartCommand } = await import('./startCommand.ts')
      return (program, { guarded }) => addStartCommand(program, guarded)
    },
  },
  {
    says: {
      doctor: 'check configuration, database, policy and what Slack and Teams need; say what to fix',
    },
    load: async () => {
      const { addDoctorCommand } = await import('./doctorCommand.ts')
      return (program, { guarded }) => addDoctorCommand(program, guarded)
    },
  },
  {
    says: {
      migrate:
        'bring the database to this version and end; with MIGRATE_DATABASE_URL, let the role in DATABASE_URL serve',
    },
    load: async () => {
      const { addMigrateCommand } = await import('./migrateCommand.ts')
      return (program, { guarded }) => addMigrateCommand(program, guarded)
    },
  },
  {
    says: { agents: 'register agents and manage their keys' },
    load: async () => {
      const { addAgentCommands } = await import('./agentCommands.ts')
      return (program, { guarded }) => addAgentCommands(program, guarded)
    },
  },
  {
    says: { people: 'identities' },
    load: async () => {
      const { addPeopleCommands } = await import('./peopleCommands.ts')
      return (program, { guarded }) => addPeopleCommands(program, guarded)
    },
  },
  {
    says: { oncall: 'who the users of an on-call service are here' },
    load: async () => {
      const { addOnCallCommands } = await import('./onCallCommands.ts')
      return (program, { guarded }) => addOnCallCommands(program, guarded)
    },
  },
  {
    says: {
      stop: 'stop an agent, actions or everything, at once and at every replica; needs nothing but the database, and people resume it',
      stops: 'list what is stopped, and what was; newest first',
      resume: 'ask that a stop hold no longer; somebody else decides, by the policy (stop.resume)',
    },
    load: async () => {
      const { addStopCommands } = await import('./stopCommands.ts')
      return (program, { guarded }) => addStopCommands(program, guarded)
    },
  },
  {
    says: { operators: 'who runs commands' },
    load: async () => {
      const { addOperatorCommands } = await import('./operatorCommands.ts')
      return (program, { guarded }) => addOperatorCommands(program, guarded)
    },
  },
  {
    says: { keys: 'keys that grants are signed with' },
    load: async () => {
      const { addKeyCommands } = await import('./keyCommands.ts')
      return (program, { guarded }) => addKeyCommands(program, guarded)
    },
  },
  {
    says: {
      secret:
        'the secret under which private keys, webhook secrets, tokens of Slack and lease tokens stand in the database',
    },
    load: async () => {
      const { addSecretCommands } = await import('./secret.ts')
      return (program, { guarded }) => addSecretCommands(program, guarded)
    },
  },
  {
    says: { slack: 'how Countersign reaches Slack' },
    load: async () => {
      const { addSlackCommands } = await import('./slackCommands.ts')
      return (program, { guarded }) => addSlackCommands(program, guarded)
    },
  },
  {
    says: { teams: 'how Countersign reaches Microsoft Teams' },
    load: async () => {
      const { addTeamsCommands } = await import('./teamsCommands.ts')
      return (program, { guarded }) => addTeamsCommands(program, guarded)
    },
  },
  {
    says: { requests: 'single requests' },
    load: async () => {
      const { addRequestCommands } = await import('./requestCommands.ts')
      return (program, { guarded }) => addRequestCommands(program, guarded)
    },
  },
  {
    says: {
      resources:
        'what redeems grants because it is about to act: services and proxies, each for one audience',
    },
    load: async () => {
      const { addResourceCommands } = await import('./resourceCommands.ts')
      return (program, { guarded }) => addResourceCommands(program, guarded)
    },
  },
  {
    says: { webhooks: 'who is told what happens (docs/webhooks.md)' },
    load: async () => {
      const { addWebhookCommands } = await import('./webhookCommands.ts')
      return (program, { guarded }) => addWebhookCommands(program, guarded)
    },
  },
  {
    says: { leases: 'credentials that were issued for approved actions' },
    load: async () => {
      const { addLeaseCommands } = await import('./leaseCommands.ts')
      return (program, { guarded }) => addLeaseCommands(program, guarded)
    },
  },
  {
    says: { audit: 'verify the record of everything that was decided, without having to believe it' },
    load: async () => {
      const { addAuditCommands } = await import('./auditCommands.ts')
      return (program, { guarded }) => addAuditCommands(program, guarded)
    },
  },
  {
    says: {
      auditors: 'keys of auditors: each reads the ledger of a server for one person, and does nothing else',
    },
    load: async () => {
      const { addAuditorCommands } = await import('./auditorCommands.ts')
      return (program, { guarded }) => addAuditorCommands(program, guarded)
    },
  },
  {
    says: { ledger: 'what is decided about the ledger as a whole; "countersign audit" reads it' },
    load: async () => {
      const { addLedgerCommands } = await import('./ledger.ts')
      return (program, { guarded }) => addLedgerCommands(program, guarded)
    },
  },
  {
    says: { policy: 'check, test, explain, compare and activate policies' },
    load: async () => {
      const { addPolicyCommands } = await import('./policy/commands.ts')
      return (program, { printing }) => addPolicyCommands(program, printing)
    },
  },
]
