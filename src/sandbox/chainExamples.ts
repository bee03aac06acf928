/** What agents ask for others. */
import type { Example } from './wire.ts'

export const chainExamples: readonly Example[] = [
  {
    title: 'A sub-agent asks',
    agent: 'billing-agent',
    about:
      'Alice asked the planning agent, and that one the billing agent: the card says so, and which of them was checked. The planning agent is Bob’s, so he cannot agree, although he is a data owner: Omar can, and Priya or Sam for Security. Type “/approvals stop agent planning-agent …” as Grace, and this is held, too.',
    body: {
      action: 'db.export',
      resource: { type: 'table', id: 'warehouse.users' },
      params: {
        table: 'users',
        rows: 400,
        columns: ['id', 'plan'],
        destination: 's3://acme-lake-in/churn',
      },
      environment: 'prod',
      reason: 'The planner wants to know who may leave.',
      initiator: { email: 'alice@acme.test' },
      run: {
        model: 'claude-opus-5',
        session: 'run-8841',
        through: [
          { kind: 'agent', name: 'planning-agent' },
          { kind: 'agent', name: 'billing-agent' },
          { kind: 'tool', name: 'export_csv' },
        ],
      },
    },
  },
]
