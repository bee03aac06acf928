/** What is counted, and what is read in a plan. */
import type { Example } from './wire.ts'

const alice = { email: 'alice@acme.test' }
const billing = { model: 'claude-opus-5', session: 'run-8841', url: 'https://agents.acme.test/runs/8841' }
const platform = { model: 'claude-opus-5', session: 'run-9127', url: 'https://agents.acme.test/runs/9127' }

/** As `terraform show -json` prints it, cut to what changes. */
const plan = {
  format_version: '1.2',
  errored: false,
  resource_changes: [
    {
      address: 'aws_instance.worker',
      mode: 'managed',
      type: 'aws_instance',
      change: { actions: ['update'] },
    },
    {
      address: 'aws_db_instance.orders',
      mode: 'managed',
      type: 'aws_db_instance',
      change: { actions: ['delete', 'create'] },
    },
  ],
}

export const countedExamples: readonly Example[] = [
  {
    title: 'Refund 20 euros',
    agent: 'billing-agent',
    about:
      'Up to 50 euros goes by itself, twenty times in 24 hours. Send it more often than that: then a platform lead is asked.',
    body: {
      action: 'refund.create',
      resource: { type: 'order', id: '4711' },
      params: { order: '4711', amount_cents: 2_000, currency: 'EUR' },
      environment: 'prod',
      reason: 'The parcel came a week late.',
      initiator: alice,
      run: billing,
    },
  },
  {
    title: 'Change a server, and replace its database with it',
    agent: 'platform-agent',
    about:
      'Its plan is read: it replaces a database. So two platform leads have to agree, and type the name of the stack.',
    body: {
      action: 'infra.apply',
      resource: { type: 'stack', id: 'orders' },
      params: {
        stack: 'orders',
        creates: 1,
        changes: 1,
        destroys: 1,
        planned: JSON.stringify(plan),
      },
      environment: 'prod',
      reason: 'Larger workers for the season.',
      initiator: alice,
      run: platform,
    },
  },
]
