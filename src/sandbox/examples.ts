/** Realistic requests for the side panel. What each expects is what the policy bundle that ships says about it. */
import { chainExamples } from './chainExamples.ts'
import { commandExamples } from './commandExamples.ts'
import { countedExamples } from './countedExamples.ts'
import { toolExamples } from './toolExamples.ts'
import type { Example } from './wire.ts'

const alice = { email: 'alice@acme.test' }
const billing = { model: 'claude-opus-5', session: 'run-8841', url: 'https://agents.acme.test/runs/8841' }
const platform = { model: 'claude-opus-5', session: 'run-9127', url: 'https://agents.acme.test/runs/9127' }

export const examples: readonly Example[] = [
  {
    title: 'Export customers, with e-mail addresses',
    agent: 'billing-agent',
    about: 'Production data that leaves the warehouse: a data owner and Security have to agree.',
    body: {
      action: 'db.export',
      resource: { type: 'table', id: 'warehouse.users' },
      params: {
        table: 'users',
        rows: 250_000,
        columns: ['id', 'email'],
        destination: 's3://acme-lake-in/churn',
      },
      environment: 'prod',
      reason: 'Quarterly churn analysis for the board.',
      initiator: alice,
      run: billing,
    },
  },
  {
    title: 'Small export from staging',
    agent: 'billing-agent',
    about: 'Nothing sensitive and not production: allowed at once, and recorded.',
    body: {
      action: 'db.export',
      resource: { type: 'table', id: 'staging_warehouse.events' },
      params: {
        table: 'events',
        rows: 800,
        columns: ['id', 'name', 'at'],
        destination: 's3://acme-lake-in/samples/events.csv',
      },
      environment: 'staging',
      reason: 'A sample for the new dashboard.',
      initiator: alice,
      run: billing,
    },
  },
  ...toolExamples,
  ...commandExamples,
  ...countedExamples,
  ...chainExamples,
  {
    title: 'Give a role more rights',
    agent: 'platform-agent',
    about: 'An administrator’s change: two IAM admins have to agree.',
    body: {
      action: 'iam.role.update',
      resource: { type: 'role', id: 'ci-deployer' },
      params: { role: 'ci-deployer', attach_policies: ['AmazonS3FullAccess'], detach_policies: [] },
      environment: 'prod',
      reason: 'The new pipeline writes build artefacts to S3.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Create an administrator’s token',
    agent: 'platform-agent',
    about: 'Never automatic: Security is asked for every token.',
    body: {
      action: 'iam.token.create',
      resource: { type: 'token', id: 'ops-break-glass' },
      params: { subject: 'ops-break-glass', scopes: ['admin:*'], ttl_hours: 720 },
      environment: 'prod',
      reason: 'To make tonight’s migration easier.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Deploy to production',
    agent: 'platform-agent',
    about: 'A release manager has to agree, within half an hour.',
    body: {
      action: 'deploy.start',
      resource: { type: 'service', id: 'checkout-api' },
      params: { service: 'checkout-api', version: '2026.11.3', strategy: 'canary', skip_tests: false },
      environment: 'prod',
      reason: 'Fixes the rounding of VAT on refunds.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Deploy, with its way back',
    agent: 'platform-agent',
    about:
      'The way back is declared with the deploy: one card shows both, and each vote counts for both. Sam and Grace have to agree. When the deploy has run, the agent may take the way back without asking anybody again.',
    body: {
      action: 'deploy.start',
      resource: { type: 'service', id: 'search-api' },
      params: { service: 'search-api', version: '2026.11.8', strategy: 'canary', skip_tests: false },
      environment: 'prod',
      reason: 'The new ranking, which answers in half the time.',
      initiator: alice,
      run: platform,
      rollback: {
        action: 'deploy.rollback',
        resource: { type: 'service', id: 'search-api' },
        params: { service: 'search-api', version: '2026.11.7' },
        environment: 'prod',
      },
    },
  },
  {
    title: 'Three deploys, asked together',
    agent: 'platform-agent',
    about:
      'One card lists all three. As Sam or Grace, approve all of them at once, or decide on one with the menu beside its line. Each is a request of its own, with its own decision and grant.',
    body: {
      requests: [
        {
          action: 'deploy.start',
          resource: { type: 'service', id: 'cart-api' },
          params: { service: 'cart-api', version: '2026.11.4', strategy: 'canary', skip_tests: false },
          environment: 'prod',
        },
        {
          action: 'deploy.start',
          resource: { type: 'service', id: 'checkout-api' },
          params: { service: 'checkout-api', version: '2026.11.4', strategy: 'canary', skip_tests: false },
          environment: 'prod',
        },
        {
          action: 'deploy.start',
          resource: { type: 'service', id: 'invoice-worker' },
          params: { service: 'invoice-worker', version: '2026.11.4', strategy: 'rolling', skip_tests: false },
          environment: 'prod',
        },
      ],
      reason: 'The three share a format that changes in 2026.11.4.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'A deploy, asked again and again',
    agent: 'platform-agent',
    about:
      'Send it three times in a row: there is one card, which says it once and lists each request. As Sam or Grace, approve all that it lists; what you send after that stays open. More than ten cards a day of one agent mention nobody any more.',
    body: {
      action: 'deploy.start',
      resource: { type: 'service', id: 'cart-api' },
      params: { service: 'cart-api', version: '2026.11.5', strategy: 'rolling', skip_tests: false },
      environment: 'prod',
      reason: 'The fix for the basket that empties itself.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Roll back, and nobody is there',
    agent: 'platform-agent',
    about:
      'Sam or Grace has to agree. As Sam, press Escalate to bring in the incident commanders: then Omar may agree too. After eight minutes they are brought in automatically.',
    body: {
      action: 'deploy.rollback',
      resource: { type: 'service', id: 'checkout-api' },
      params: { service: 'checkout-api', version: '2026.11.2' },
      environment: 'prod',
      reason: 'Since 2026.11.3 every third payment fails.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Delete audit logs',
    agent: 'platform-agent',
    about: 'Denied at once: no agent deletes audit logs, no matter who agrees.',
    body: {
      action: 'audit.log.delete',
      resource: { type: 'log_group', id: '/acme/audit/payments' },
      params: { log_group: '/acme/audit/payments', before: '2026-10-01' },
      environment: 'prod',
      reason: 'Old logs cost 140 dollars a month.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Something nobody has thought of',
    agent: 'platform-agent',
    about:
      'An action that is not in the catalogue is never allowed by default: the platform leads are asked.',
    body: {
      action: 'printer.firmware.flash',
      resource: { type: 'printer', id: 'berlin-3f-east' },
      params: { image: 'fw-7.2.1.bin', reboot: true },
      environment: 'prod',
      reason: 'The printer says it wants this.',
      initiator: alice,
      run: platform,
    },
  },
  {
    title: 'Almost the name of a table',
    agent: 'billing-agent',
    about:
      'Refused at once: it is spelled almost like a table of the inventory, and must not pass for one that nobody knows.',
    body: {
      action: 'db.export',
      resource: { type: 'table', id: 'WAREHOUSE.users' },
      params: {
        table: 'users',
        rows: 800,
        columns: ['id', 'email'],
        destination: 's3://acme-lake-in/samples/users.csv',
      },
      environment: 'dev',
      reason: 'A sample for the new dashboard.',
      initiator: alice,
      run: billing,
    },
  },
  {
    title: 'Nobody answers for the agent any more',
    agent: 'reports-agent',
    about:
      'Dana, who owned this agent, has left. What would be allowed at once is asked of the platform leads, and the card says why.',
    body: {
      action: 'db.export',
      resource: { type: 'table', id: 'staging_warehouse.events' },
      params: {
        table: 'events',
        rows: 800,
        columns: ['id', 'name', 'at'],
        destination: 's3://acme-lake-in/samples/events.csv',
      },
      environment: 'staging',
      reason: 'The weekly report, as always.',
      initiator: alice,
      run: billing,
    },
  },
  {
    title: 'More than fits on a card',
    agent: 'billing-agent',
    about: 'A long query: the card has no Approve button. People decide at the end of the full view.',
    body: {
      action: 'db.query',
      resource: { type: 'table', id: 'warehouse.invoices' },
      params: { sql: longQuery(), tables: ['warehouse.invoices', 'warehouse.users'], limit: 5000 },
      environment: 'prod',
      reason: 'Reconciling this year’s invoices, customer by customer.',
      initiator: alice,
      run: billing,
    },
  },
  {
    title: 'Text that tries to fool the reader',
    agent: 'billing-agent',
    about: 'Markup, mentions and hidden characters are shown as they are, and nobody is pinged.',
    body: {
      action: 'db.export',
      resource: { type: 'table', id: 'warehouse.users' },
      params: {
        table: 'users',
        rows: 12,
        columns: ['id', '*Risk:* low', '<!channel>', '`id`'],
        destination: 's3://acme-lake-in/\u202Etxt.stropxe/\u202C<https://evil.test|report>\u200B',
      },
      environment: 'prod',
      reason:
        ':white_check_mark: *APPROVED by <@U0PRIYA>*\n> Security has agreed already, please click *Approve*.\n```ok```\n<https://evil.test|https://acme.test/ticket/1>',
      initiator: alice,
      run: billing,
    },
  },
]

function longQuery(): string {
  const customers = Array.from(
    { length: 240 },
    (_, i) => `  'cust_${String(10_000 + i * 37).padStart(8, '0')}'`,
  )
  return `SELECT u.email, i.number, i.total_cents\nFROM warehouse.invoices i JOIN warehouse.users u ON u.id = i.user_id\nWHERE u.id IN (\n${customers.join(',\n')}\n)\nORDER BY i.number`
}
