import { addAgent, type Issued } from '../../src/approvals/agents.ts'
import type { Attempt, PersonAttempt } from '../../src/approvals/attempt.ts'
import { decide } from '../../src/approvals/decide.ts'
import { type Directory, DirectoryFault, type Ports, type Store } from '../../src/approvals/ports.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { type Asking, type Submission, submit } from '../../src/approvals/submit.ts'
import { digestOf } from '../../src/core/digest.ts'
import type { Account, AccountKey } from '../../src/core/identity.ts'
import type { Json } from '../../src/core/json.ts'
import type { Source } from '../../src/core/request.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { memoryStore } from './memoryStore.ts'

/** A clock that moves only when the test moves it. */
export interface TestClock {
  (): Date
  advance(seconds: number): void
}

export function testClock(start = '2026-11-24T14:00:00.000Z'): TestClock {
  let now = Date.parse(start)
  return Object.assign(() => new Date(now), {
    advance: (seconds: number) => {
      now += seconds * 1_000
    },
  })
}

/** A directory in memory: people by short name, groups by id. Tests change both while they run. */
export interface TestDirectory extends Directory {
  readonly accounts: Map<string, Account>
  readonly groups: Map<string, string[]>
  /** While true, nothing can be looked up. */
  down: boolean
  /** Groups that cannot be read. */
  readonly unreadable: Set<string>
}

export const team = 'T0ACME'
export const keyOf = (user: string): AccountKey => `slack:${team}:${user}`

export function testDirectory(): TestDirectory {
  const staff = (user: string, email: string): [string, Account] => [
    user,
    {
      key: keyOf(user),
      name: user,
      email: `${email}@acme.test`,
      human: true,
      active: true,
      guest: false,
      external: false,
    },
  ]
  const people = ['alice', 'lee', 'bob', 'priya', 'sam', 'grace', 'omar', 'noor']
  const directory: TestDirectory = {
    accounts: new Map(people.map((name) => staff(`U0${name.toUpperCase()}`, name))),
    groups: new Map([
      ['S0PLATFORM', ['U0GRACE', 'U0NOOR']],
      ['S0SECURITY', ['U0PRIYA', 'U0SAM']],
      ['S0DATA', ['U0BOB', 'U0PRIYA']],
      ['S0IAM', ['U0SAM', 'U0GRACE', 'U0LEE']],
      ['S0INCIDENT', ['U0GRACE', 'U0OMAR']],
      ['S0NOBODY', []],
      ['S0ONLYBEHIND', ['U0ALICE', 'U0LEE']],
    ]),
    down: false,
    unreadable: new Set(),
    account: async (address) => {
      const found = directory.accounts.get(userOf(address))
      if (directory.down || !found) throw new DirectoryFault('cannot know')
      return found
    },
    members: async (source: Source) => {
      const id = userOf(source.address)
      if (directory.down || directory.unreadable.has(id)) throw new DirectoryFault('cannot know')
      if (source.kind === 'account') return [(await directory.account(source.address)).key]
      const members = directory.groups.get(id)
      if (!members) throw new DirectoryFault('no such group')
      return members.map((user) => directory.accounts.get(user)?.key ?? keyOf(user))
    },
    find: async (claim) => {
      if (directory.down) throw new DirectoryFault('cannot know')
      const fits = (account: Account) =>
        'email' in claim ? account.email === claim.email : account.key === keyOf(userOf(claim.address))
      return [...directory.accounts.values()].filter((account) => account.active && fits(account))
    },
  }
  return directory
}

function userOf(address: string): string {
  return address.split(':').at(-1) ?? ''
}

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
  grant: {ttl: 15m, uses: 1}
  notify: {channel: channel:approvals, remind: [15m]}
  break_glass:
    who: [group:incident-commanders]
    reason: {min_length: 20, pattern: '^INC-[0-9]+'}
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
    reason: {min_length: 12, pattern: '^INC-[0-9]+'}
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

export function testBundle(files = bundleFiles): Bundle {
  const loaded = loadBundle(new Map(Object.entries(files)))
  if (!loaded.ok)
    throw new Error(loaded.problems.map((problem) => `${problem.file}: ${problem.message}`).join('\n'))
  return loaded.bundle
}

/** Everything the verbs need, in memory, with one agent owned by Lee. */
export interface World {
  readonly ports: Ports
  readonly store: Store
  readonly clock: TestClock
  readonly directory: TestDirectory
  readonly agent: Issued
  setPolicy(bundle: Bundle | null): void
}

export async function testWorld(options: { readonly store?: Store } = {}): Promise<World> {
  const clock = testClock()
  const directory = testDirectory()
  const store = options.store ?? memoryStore()
  let bundle: Bundle | null = testBundle()
  const ports: Ports = {
    store,
    directory,
    policy: () => bundle,
    clock,
    ids: randomIds,
    workspace: 'wsp_test',
  }
  const agent = await addAgent(ports, {
    name: 'billing-agent',
    owner: { email: 'lee@acme.test' },
    by: { email: 'lee@acme.test' },
    via: 'test',
  })
  return {
    ports,
    store,
    clock,
    directory,
    agent,
    setPolicy: (next) => {
      bundle = next
    },
  }
}

let asked = 0

export function asking(world: World, change: Partial<Asking> = {}): Asking {
  asked += 1
  const { agent, key } = world.agent
  return {
    agent,
    key,
    via: 'api',
    idempotencyKey: `key-${asked}`,
    bodyDigest: digestOf('countersign/body/v1', { body: asked }),
    ...change,
  }
}

/** A submission by Alice for a table of Omar's. */
export function submission(
  action: string,
  change: Partial<Submission> & { readonly params?: Record<string, Json> } = {},
): Submission {
  const { params, ...rest } = change
  return {
    action: {
      action,
      resource: { type: 'table', id: 'warehouse.users' },
      params: params ?? { rows: 10 },
      environment: 'prod',
    },
    reason: 'Quarterly churn analysis',
    initiator: { email: 'alice@acme.test' },
    involved: [],
    run: null,
    expiresInSeconds: null,
    ...rest,
  }
}

/** Submits and returns the request. */
export async function ask(world: World, action: string, change: Partial<Submission> = {}) {
  return (await submit(world.ports, asking(world), submission(action, change))).request
}

let clicks = 0

/** One person's click, straight to the verb. */
export function click(world: World, request: string, user: string, change: Partial<Attempt> = {}) {
  const attempt: Attempt = {
    ...attemptBy(request, user),
    kind: 'approve',
    reason: change.kind === 'deny' ? 'Not today.' : null,
    typed: [],
    seen: 'facts',
    ...change,
  }
  return decide(world.ports, attempt)
}

/** What every attempt of a person says; each is a delivery of its own. */
export function attemptBy(request: string, user: string): PersonAttempt {
  clicks += 1
  return { request, account: keyOf(user), via: 'slack', card: null, delivery: `click-${clicks}` }
}
