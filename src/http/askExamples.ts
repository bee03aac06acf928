import type { Examples } from './route.ts'

/* What openapi.json and docs/api.md show of what agents send: made up, and the same everywhere. */

export const exported = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', rows: 250000, columns: ['id', 'email'], destination: 's3://acme-lake-in/x' },
  environment: 'prod',
}
export const read = {
  action: 'repo.read',
  resource: { type: 'repository', id: 'acme/web' },
  params: { repo: 'acme/web' },
  environment: 'prod',
}
export const told = {
  reason: 'Quarterly churn analysis for the board deck',
  run: { model: 'claude-opus-5', session: 'run-8841', url: 'https://agents.acme.test/runs/8841' },
}

/** Bodies that ask. */
export const askExamples = {
  people: {
    summary: 'People decide',
    value: { ...exported, ...told, initiator: { email: 'alice@acme.test' }, expires_in: '30m' },
  },
  policy: { summary: 'Policy allows it at once', value: read },
  through: {
    summary: 'A sub-agent says who had asked it',
    value: {
      ...exported,
      params: { table: 'users', rows: 400, columns: ['id', 'plan'], destination: 's3://acme-lake-in/churn' },
      initiator: { email: 'alice@acme.test' },
      run: {
        session: 'run-8841',
        through: [
          { kind: 'agent', name: 'planner' },
          { kind: 'agent', name: 'billing-agent' },
          { kind: 'tool', name: 'export_csv' },
        ],
      },
    },
  },
} as const satisfies Examples
