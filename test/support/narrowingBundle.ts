import type { Bundle } from '../../src/policy/bundle.ts'
import { bundleFiles, testBundle } from './testBundle.ts'

/** The bundle of tests with dumps of a table, of which approvers may take fewer rows and fewer columns. */
const narrowingFiles: Readonly<Record<string, string>> = {
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  data.dump:
    effect: read
    params:
      rows: {type: int, narrow: {min: 2}}
      columns: {type: {list: string}, narrow: items}
      limit: {type: int?, narrow: {min: 1}}
      format: string?
`,
  'rules/dumps.yaml': `
- id: dump
  description: A dump needs a data owner.
  match: {actions: [data.dump]}
  when: params.rows > 10
  verdict: require_approval
  require: {approvals: [{name: data, from: [group:data-owners], count: 1}], expires_in: 2h}
- id: dump.many
  description: A dump of very many rows needs Security, too.
  match: {actions: [data.dump]}
  when: params.rows >= 100000
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}], expires_in: 30m}
- id: dump.few
  description: A dump of few rows is routine.
  match: {actions: [data.dump]}
  when: params.rows <= 10 && params.rows != 7
  verdict: allow
- id: dump.odd
  description: Thirteen rows need the platform, too.
  match: {actions: [data.dump]}
  when: params.rows == 13
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform-leads], count: 1}]}
- id: dump.seven
  description: Nobody takes seven rows.
  match: {actions: [data.dump]}
  when: params.rows == 7
  verdict: deny
  message: Seven rows are never taken.
`,
}

export function narrowingBundle(changes: Readonly<Record<string, string>> = {}): Bundle {
  return testBundle({ ...narrowingFiles, ...changes })
}

/** The rules, with one of them said otherwise. */
export function dumpRules(change: (rules: string) => string): Readonly<Record<string, string>> {
  return { 'rules/dumps.yaml': change(narrowingFiles['rules/dumps.yaml'] ?? '') }
}

/** The catalogue, said otherwise. */
export function dumpCatalogue(change: (actions: string) => string): Readonly<Record<string, string>> {
  return { 'actions.yaml': change(narrowingFiles['actions.yaml'] ?? '') }
}
