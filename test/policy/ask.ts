import type { Action } from '../../src/core/action.ts'
import { type Evaluation, evaluate } from '../../src/policy/evaluate.ts'
import { bundleFiles, loaded } from './files.ts'

export const at = '2026-11-24T14:00:00.000Z'
export const exportUsers: Action = {
  action: 'db.export',
  resource: { type: 'table', id: 'w.users' },
  params: { table: 'users', rows: 5 },
  environment: 'prod',
}
export const role: Action = { ...exportUsers, action: 'iam.role.update', params: { role: 'r' } }
const resourcesYaml = `apiVersion: countersign/v1
kind: ResourceInventory
resources:
  - {match: {type: table, id: w.users}, sensitivity: restricted, owner: user:omar, region: eu, labels: {team: data}}
`

export function ask(
  rules: string,
  action: Partial<Action> = {},
  files: Record<string, string> = {},
): Evaluation {
  const bundle = loaded(
    bundleFiles({
      'resources.yaml': resourcesYaml,
      'rules/a.yaml': `[]\n`,
      ...(rules && { 'rules/a.yaml': rules }),
      ...files,
    }),
  )
  return evaluate(bundle, { action: { ...exportUsers, ...action }, agent: { id: 'agt_1', name: 'bot' }, at })
}

/** One rule as text; `more` are further lines of it. */
export function rule(
  id: string,
  verdict: string,
  { match = 'actions: [db.export]', more = '' } = {},
): string {
  return `- id: ${id}\n  description: About ${id}.\n  match: {${match}}\n  verdict: ${verdict}\n${more}`
}
export const legs = (written: string): string => `  require: {approvals: [${written}]}\n`
