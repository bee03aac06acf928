import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { bundleFiles, loaded } from '../../policy/files.ts'

export type Files = Readonly<Record<string, string>>

/** A bundle that says something everywhere, so that every edit has something to weaken. */
export const files: Files = {
  'bundle.yaml': `apiVersion: countersign/v1
kind: Bundle
name: acme
timezone: Europe/Berlin
environments: [dev, prod]
run: {window: 2h}
unmatched:
  known_action: deny
  unknown_action: deny
defaults:
  approvals:
    - {name: platform, from: [group:platform], count: 2}
  expires_in: 1h
  grant: {ttl: 3m}
  notify: {channel: channel:approvals}
  break_glass:
    who: [group:security]
    reason: {min_length: 30, pattern: INC}
    grant: {ttl: 3m}
    notify: [channel:security]
    review_within: 24h
floor:
  separation: [initiator, agent_owner]
  max_expires_in: 24h
  max_grant_ttl: 8h
  never_allow_effects: [admin]
windows:
  night: {from: "22:00", to: "06:00"}
directory:
  group:platform: {slack_usergroup: S0PLAT}
  group:security: {slack_usergroup: S0SEC}
  group:data: {slack_usergroup: S0DATA}
  user:omar: {slack_user: U0OMAR}
  channel:approvals: {slack_channel: C0APPR}
  channel:security: {slack_channel: C0SEC}
`,
  'actions.yaml': `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  db.export: {effect: read, params: {table: string, rows: int, to: string?}}
  db.query: {effect: read, params: {sql: string}}
  iam.role.update: {effect: admin, params: {role: string}}
  repo.read: {effect: read, params: {}}
`,
  'resources.yaml': `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: table, id: users}, sensitivity: restricted, owner: user:omar, environment: prod, labels: {tier: "1"}}
  - {match: {type: table, id: events}, sensitivity: internal, region: eu}
`,
  'rules/a.yaml': `- id: export
  description: Exports are asked about.
  match: {actions: [db.export], environments: [dev, prod]}
  when: params.rows > 1000 || resource.sensitivity in ["restricted", "secret"]
  unless: time.hour == 3
  verdict: require_approval
  require:
    approvals: [{name: data, from: [owner, group:data], count: 1}, {name: security, from: [group:security], count: 1}]
    deny_count: 2
    reason: {min_length: 20, pattern: CHG}
    confirm: {type: typed, value: resource.id}
    expires_in: 45m
    grant: {ttl: 4m}
  notify: {escalate: [{after: 20m, to: group:platform}]}
- id: query
  description: Queries with an emergency path.
  match: {actions: [db.query]}
  verdict: require_approval
  break_glass: {when: 'environment == "prod"'}
- id: night
  description: Not at night.
  match: {actions: [db.export]}
  when: '"night" in time.windows'
  unless: params.rows == 0
  verdict: deny
  override: never
- id: small
  description: Small exports of tables run by themselves.
  match: {actions: [db.export], environments: [dev]}
  when: params.rows < 100
  verdict: allow
- id: roles
  description: The floor makes this ask by the defaults.
  match: {actions: [iam.role.update], environments: [dev]}
  verdict: allow
- id: roles.data
  description: The owners of data agree to roles.
  match: {actions: [iam.role.update]}
  verdict: require_approval
  require: {approvals: [{name: data, from: [group:data], count: 1}]}
`,
}

export const bundleOf = (changed: Files) => loaded(bundleFiles({ ...files, ...changed }))

/** The notes about an edit, in which `from` must stand as it is written. */
export function notes([file, from, to]: readonly [string, string, string]): readonly string[] {
  const text = files[file] ?? ''
  if (!text.includes(from)) throw new Error(`${file} does not say: ${from}`)
  return loosened(bundleOf({}), bundleOf({ [file]: text.replace(from, to) })).map(
    ({ code, message }) => `${code} ${message}`,
  )
}

/** What is edited where, from what to what, and what the note has to say. */
export type Edit = readonly [what: string, edit: readonly [string, string, string], says: RegExp]
export const rules = 'rules/a.yaml'
/** The beginning of one more rule, up to its verdict. */
export const other = '- {id: r, description: Another., match: {actions: [repo.read]}, verdict: '
