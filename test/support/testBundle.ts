import type { Bundle } from '../../src/policy/bundle.ts'
import { loadBundle } from '../../src/policy/load.ts'

/** A bundle for tests: each action shows one thing. */
export const bundleFiles: Readonly<Record<string, string>> = {
  'bundle.yaml': `
apiVersion: countersign/v1
kind: Bundle
name: test
timezone: UTC
unmatched: {known_action: require_approval, unknown_action: deny}
defaults:
  approvals:
    - {name: platform, from: [group:platform-leads], count: 1}
  deny_count: 1
  expires_in: 1h
  grant: {ttl: 3m, uses: 1}
  notify: {channel: channel:approvals, remind: [15m]}
  break_glass:
    who: [group:incident-commanders]
    reason: {min_length: 20, pattern: '^INC-[0-9]+', hint: "Begin with the number of the incident, as in INC-42."}
    grant: {ttl: 5m, uses: 1}
    notify: [channel:alerts, group:security]
    review_within: 24h
floor: {separation: [initiator, agent_owner]}
directory:
  group:platform-leads: {slack_usergroup: S0PLATFORM}
  group:security: {slack_usergroup: S0SECURITY}
  group:data-owners: {slack_usergroup: S0DATA}
  group:iam-admins: {slack_usergroup: S0IAM}
  group:incident-commanders: {slack_usergroup: S0INCIDENT}
  group:nobody: {slack_usergroup: S0NOBODY}
  group:only-behind: {slack_usergroup: S0ONLYBEHIND}
  user:bob: {slack_user: U0BOB}
  user:omar: {slack_user: U0OMAR}
  channel:approvals: {slack_channel: C0APPROVALS}
  channel:alerts: {slack_channel: C0ALERTS}
`,
  'actions.yaml': `
apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  repo.read: {effect: read, params: open}
  db.export: {effect: read, params: open}
  iam.change: {effect: admin, params: open}
  audit.delete: {effect: admin, params: open}
  cursed.empty: {effect: write, params: open}
  cursed.behind: {effect: write, params: open}
  deploy.start: {effect: write, params: open}
  table.drop: {effect: write, params: open}
  secret.read: {effect: read, params: open}
  node.drain: {effect: write, params: open}
  host.reboot: {effect: write, params: open}
  freeze.deploy: {effect: write, params: open}
  freeze.mine: {effect: write, params: open}
`,
  'resources.yaml': `
apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: table, id: "warehouse.*"}, sensitivity: restricted, owner: user:omar}
`,
  'rules/all.yaml': `
- {id: read, description: Reading is free., match: {actions: [repo.read]}, verdict: allow}
- {id: audit, description: Audit logs stay., match: {actions: [audit.delete]}, verdict: deny, message: Audit logs stay.}
- id: export
  description: Exports need the data owners and Security.
  match: {actions: [db.export]}
  verdict: require_approval
  require:
    approvals:
      - {name: data, from: [owner, group:data-owners], count: 1}
      - {name: security, from: [group:security], count: 1}
- id: iam
  description: Two administrators.
  match: {actions: [iam.change]}
  verdict: require_approval
  require: {approvals: [{name: iam, from: [group:iam-admins], count: 2}]}
- id: cursed
  description: Nobody is in it.
  match: {actions: [cursed.empty]}
  verdict: require_approval
  require: {approvals: [{name: ghosts, from: [group:nobody], count: 1}]}
- id: cursed.too
  description: Only people behind it are in it.
  match: {actions: [cursed.behind]}
  verdict: require_approval
  require: {approvals: [{name: selves, from: [group:only-behind], count: 1}]}
- id: secret
  description: Secrets need a ticket and a careful hand.
  match: {actions: [secret.read]}
  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
    reason: {min_length: 12, pattern: '^INC-[0-9]+', hint: "Begin with the number of the incident, as in INC-42."}
    confirm: {type: typed, value: resource.id}
- id: drain
  description: Draining waits for nobody for long.
  match: {actions: [node.drain]}
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform-leads], count: 1}]}
  notify:
    channel: channel:approvals
    escalate: [{after: 10m, to: group:security}, {after: 20m, to: group:data-owners}]
- id: reboot
  description: Reboots need Security, or an emergency.
  match: {actions: [host.reboot]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 2}], expires_in: 30m}
  break_glass: {}
- id: freeze
  description: Change freeze.
  match: {actions: [freeze.deploy]}
  verdict: deny
  override: break_glass
  message: Change freeze until 4 January.
- id: freeze.mine
  description: Only people behind it could lift this.
  match: {actions: [freeze.mine]}
  verdict: deny
  override: break_glass
  break_glass: {who: [group:only-behind]}
  message: Frozen.
`,
}

/** The bundle above, or another that has to load. */
export function testBundle(files = bundleFiles): Bundle {
  if (files !== bundleFiles) return loaded(files)
  standing ??= loaded(files)
  return standing
}

/** Loading is most of what a world costs, and nobody can change a bundle: one for all tests of a file. */
let standing: Bundle | undefined

/** The test bundle with its rules changed. */
export function bundleWithRules(change: (rules: string) => string): Bundle {
  return testBundle({ ...bundleFiles, 'rules/all.yaml': change(bundleFiles['rules/all.yaml'] ?? '') })
}

/** The test bundle whose defaults say this instead of `deny_count: 1`. */
export function bundleWithDefaults(line: string): Bundle {
  const yaml = (bundleFiles['bundle.yaml'] ?? '').replace('  deny_count: 1\n', `  ${line}\n`)
  return testBundle({ ...bundleFiles, 'bundle.yaml': yaml })
}

function loaded(files: Readonly<Record<string, string>>): Bundle {
  const bundle = loadBundle(new Map(Object.entries(files)))
  if (!bundle.ok)
    throw new Error(bundle.problems.map((problem) => `${problem.file}: ${problem.message}`).join('\n'))
  return bundle.bundle
}
