import type { Action } from '../../src/core/action.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, bundleYaml, refused } from './files.ts'

export const closed = 'environments: [dev, staging, prod]\n'
/** resources.yaml with one entry, for the table of `exportUsers`; `more` is added to it. */
export const entry = (more: string): string =>
  `apiVersion: countersign/v1\nkind: ResourceInventory\nresources:\n  - {match: {type: table, id: w.users}, sensitivity: public${more}}\n`
export const denyProd = rule('no.prod', 'deny', { match: 'actions: [db.export], environments: [prod]' })
const allowRest = rule('rest', 'allow')

/** A bundle in which only the place decides: prod is denied, and all else is allowed. */
export interface Made {
  readonly list?: string
  readonly rules?: string
  readonly resources?: string
}
export const made = ({ list = closed, rules = denyProd + allowRest, resources = entry('') }: Made = {}) =>
  bundleFiles({ 'bundle.yaml': bundleYaml + list, 'rules/a.yaml': rules, 'resources.yaml': resources })
export const ask = (bundle: Bundle, action: Partial<Action> = {}) =>
  evaluate(bundle, { action: { ...exportUsers, ...action }, agent: { id: 'agt_1', name: 'bot' }, at })
/** Code and message of every problem. */
export const codes = (how: Made) => refused(made(how)).map(({ code, message }) => `${code} ${message}`)
