import { digestAction } from '../../src/core/action.ts'
import type { ActionRequest } from '../../src/core/request.ts'

/** A request for people's agreement on an export, as the tests of cards and of the store see one; with anything changed. */
export function exportRequest(given: Partial<ActionRequest> = {}): ActionRequest {
  const action = {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params: { table: 'users', rows: 250_000, columns: ['id', 'email'] },
    environment: 'production',
  }
  const group = (id: string) => ({ ref: `group:${id}`, kind: 'group' as const, address: `slack:${id}` })
  return {
    id: 'req_01kb0000000000000000000000',
    version: 1,
    state: 'pending',
    action,
    digest: digestAction(given.action ?? action),
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
      grant: { withinSeconds: 900, ttlSeconds: 180, uses: 1 },
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
    ...given,
  }
}
