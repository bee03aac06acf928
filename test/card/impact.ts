import type { RequestView } from '../../src/card/view.ts'
import { viewOfExport } from './views.ts'

/** As the verdict keeps what people read first. */
export const kept = {
  resource: { sensitivity: 'restricted', labels: {} },
  impact: {
    reversible: 'no',
    consequence: 'Copies rows of a table to another place.',
    destination: { param: 'destination', reach: 'outside' },
  },
  because: [
    {
      rule: 'data.export.pii',
      comparisons: [
        { path: 'params.rows', operator: '>=', value: 250_000, limit: 100_000 },
        { path: 'params.columns', operator: 'matches', value: 'email', limit: '(?i)mail' },
        {
          path: 'params.destination',
          operator: 'does not start with',
          value: 's3://else-where/x',
          limit: 's3://ours/',
        },
      ],
    },
  ],
}

/** A change of the policy that cuts a reason. */
export function changeOfPolicy(more: Parameters<typeof viewOfExport>[0] = {}): RequestView {
  return viewOfExport({
    action: {
      action: 'policy.activate',
      resource: { type: 'policy', id: 'acme' },
      params: {
        digest: `sha256:${'1'.repeat(64)}`,
        base: `sha256:${'2'.repeat(64)}`,
        loosened: 1,
        weakens: ['The rule "data.s3" may ask for less: the reason may be shorter (10 characters).'],
        rules_changed: ['data.s3'],
        summary: '1 loosened | 0 tightened',
      },
      environment: 'prod',
    },
    effect: 'admin',
    agent: { id: 'agt_tool', name: 'policy-tool', owner: 'per_alice', key: 'key_1' },
    initiator: { person: 'per_alice', claim: 'agent_owner' },
    behind: [{ person: 'per_alice', role: 'initiator' }],
    reason: 'Forty characters are too many.',
    run: null,
    ...more,
  })
}
