import type { Action } from '../../../src/core/action.ts'
import type { Answer } from '../../../src/policyTools/simulation/answer.ts'
import type { Recorded } from '../../../src/policyTools/simulation/recorded.ts'
import { type SuggestOptions, suggest } from '../../../src/policyTools/suggest/suggest.ts'
import { loaded } from '../../policy/files.ts'

/** What people were asked about, and said yes to. */
const granted: Answer = {
  outcome: 'approved',
  by: ['per_bob'],
  seconds: 90,
  afterwards: [],
  undoes: false,
  hidden: false,
}

const refund: Action = {
  action: 'refund.create',
  resource: { type: 'order', id: 'order-7' },
  params: { order: 'order-7', amount_cents: 500, currency: 'EUR' },
  environment: 'prod',
}

interface Given {
  readonly action?: Partial<Action>
  readonly agent?: string
  readonly answer?: Partial<Answer>
  readonly day?: number
}

let count = 0

/** Ids begin with the first again: files share this module in whatever order they run. */
export function countAnew(): void {
  count = 0
}

/** One request of the past, granted unless something else is given. */
export function asked({ action = {}, agent = 'shop-agent', answer = {}, day = 1 }: Given = {}): Recorded {
  count += 1
  return {
    id: `req_${String(count).padStart(6, '0')}`,
    ask: {
      action: { ...refund, ...action },
      agent: { id: 'agt_1', name: agent, owner: { id: 'per_lee', email: 'lee@acme.test' } },
      initiator: { id: 'per_alice', email: 'alice@acme.test', kind: 'human' },
      request: { reason: 'because', source: 'api' },
      at: new Date(Date.UTC(2026, 10, day, 12)).toISOString(),
    },
    answer: { ...granted, ...answer },
  }
}

/** So many over a month, decided by two people in turn; `each` says what differs from one to the next. */
export function many(times: number, each: (index: number) => Given = () => ({})): readonly Recorded[] {
  return Array.from({ length: times }, (_, index) => {
    const given = each(index)
    const by = [index % 2 === 0 ? 'per_bob' : 'per_priya']
    return asked({ day: 1 + (index % 28), ...given, answer: { by, ...given.answer } })
  })
}

/** The same with other parameters. */
export function withParams(params: Action['params'], resource?: string): Given {
  const order = resource ?? 'order-7'
  return {
    action: {
      resource: { type: 'order', id: order },
      params: { order, amount_cents: 500, currency: 'EUR', ...params },
    },
  }
}

const actionsYaml = `apiVersion: countersign/v1
kind: ActionCatalogue
actions:
  refund.create:
    effect: write
    params: {order: string, amount_cents: int, currency: string, note: string?, tags: {list?: string}}
  page.fetch: {effect: read, params: {url: {type: string, reads: url}}}
  host.run: {effect: write, params: {host: string, command: {type: string, reads: shell}}}
  secret.use: {effect: write, params: {name: string, password: {type: string, sensitive: true}}}
  role.update: {effect: admin, params: {role: string}}
  tool.call: {effect: write, params: {server: string, read_only_hint: bool?, arguments: opaque}}
`

const rulesYaml = `- id: money.refund
  description: A refund needs a platform lead.
  match: {actions: [refund.create]}
  when: params.amount_cents > 0
  verdict: require_approval
`

const resourcesYaml = `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - match: {type: order, id: "order-*"}
    sensitivity: internal
  - match: {type: host, id: web-1}
    sensitivity: internal
`

const bundleYaml = `apiVersion: countersign/v1
kind: Bundle
name: acme
timezone: Europe/Berlin
environments: [dev, prod]
unmatched: {known_action: require_approval, unknown_action: deny}
defaults:
  approvals:
    - {name: platform, from: [group:platform], count: 1}
  expires_in: 1h
  grant: {within: 15m, ttl: 2m}
  notify: {channel: channel:approvals, remind: [15m]}
floor:
  max_expires_in: 24h
  max_grant_ttl: 5m
  never_allow_effects: [admin]
directory:
  group:platform: {slack_usergroup: S0PLATFORM}
  channel:approvals: {slack_channel: C0APPROVALS}
`

/** A small bundle that asks about everything. */
export function shop(changes: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({
      'bundle.yaml': bundleYaml,
      'actions.yaml': actionsYaml,
      'rules/money.yaml': rulesYaml,
      'resources.yaml': resourcesYaml,
      ...changes,
    }),
  )
}

const thresholds = { times: 20, deciders: 2, days: 7, hastySeconds: 10 }

/** What is suggested for that bundle. */
export function suggestedFor(
  recorded: readonly Recorded[],
  files: ReadonlyMap<string, string> = shop(),
  options: Partial<SuggestOptions> = {},
) {
  return suggest({ bundle: loaded(files), files }, recorded, { thresholds, limit: 10, ...options })
}
