import type { RequestView } from '../../src/approvals/ports.ts'
import { digestAction } from '../../src/core/action.ts'
import type { Json } from '../../src/core/json.ts'
import type { ActionRequest } from '../../src/core/request.ts'

export const hostile =
  '*APPROVED* <!channel> <https://evil.test|bank> `x` :white_check_mark: > quote &amp; \u202egpj.exe'

const people = new Map([
  ['per_alice', { account: 'slack:T0ACME:U0ALICE', name: 'Alice' }],
  ['per_lee', { account: 'slack:T0ACME:U0LEE', name: 'Lee <!here>' }],
  ['per_bob', { account: 'slack:T0ACME:U0BOB', name: 'Bob' }],
  ['per_sam', { account: 'slack:T0ACME:U0SAM', name: 'Sam' }],
])

/** A request for people's agreement on an export, with anything changed. */
export function viewOfExport(
  change: Partial<ActionRequest> & { params?: Record<string, Json>; filled?: [string, string[]][] } = {},
): RequestView {
  const {
    params = { table: 'users', rows: 250_000, columns: ['id', 'email'] },
    filled = [],
    ...rest
  } = change
  const action = {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params,
    environment: 'production',
  }
  const group = (id: string) => ({ ref: `group:${id}`, kind: 'group' as const, address: `slack:${id}` })
  const request: ActionRequest = {
    id: 'req_01kb0000000000000000000000',
    version: 1,
    state: 'pending',
    action,
    digest: digestAction(rest.action ?? action),
    effect: 'read',
    agent: { id: 'agt_01kb', name: 'billing-agent', owner: 'per_lee', key: 'key_01kb' },
    initiator: { person: 'per_alice', claim: 'email' },
    behind: [
      { person: 'per_alice', role: 'initiator' },
      { person: 'per_lee', role: 'agent_owner' },
      { person: 'per_lee', role: 'key_creator' },
    ],
    reason: 'Quarterly churn analysis for the board deck',
    run: { model: 'claude-opus-5' },
    verdict: {
      kind: 'require_approval',
      code: 'rules',
      rules: ['data.export.pii'],
      why: [
        { rule: 'data.export.pii', says: 'Any personal column, or 100k rows or more, also needs Security.' },
      ],
      message: null,
      policy: `sha256:${'a'.repeat(64)}`,
      facts: {},
      errors: [],
      observed: [],
      breakGlass: null,
    },
    requirement: {
      legs: [
        {
          name: 'data',
          from: [group('S0DATA'), { ref: 'owner', kind: 'account', address: 'slack:U0OMAR' }],
          count: 1,
        },
        { name: 'security', from: [group('S0SECURITY')], count: 1 },
      ],
      denyCount: 1,
      expiresInSeconds: 3_600,
      grant: { ttlSeconds: 900, uses: 1 },
      notify: { channels: ['slack:C0DATA'], remindAfterSeconds: [900] },
      reason: null,
      confirm: [],
      escalate: [],
      stepUp: false,
      breakGlass: null,
    },
    decisions: [],
    escalations: [],
    brokenGlass: null,
    outcome: null,
    idempotencyKey: 'k',
    bodyDigest: `sha256:${'b'.repeat(64)}`,
    createdAt: '2026-11-24T14:03:00.000Z',
    expiresAt: '2026-11-24T15:03:00.000Z',
    settledAt: null,
    ...rest,
  }
  return { request, people, filled: new Map(filled) }
}

export function decisionOf(person: 'bob' | 'sam', kind: 'approve' | 'deny', reason: string | null = null) {
  return {
    person: `per_${person}`,
    account: `slack:T0ACME:U0${person.toUpperCase()}`,
    kind,
    reason,
    legs: ['data'],
    via: 'slack',
    typed: [],
    seen: `sha256:${'c'.repeat(64)}` as const,
    at: '2026-11-24T14:09:00.000Z',
  }
}
