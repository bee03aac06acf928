import type { Action } from '../../src/core/action.ts'
import type { Ask } from '../../src/policy/ask.ts'
import { type Evaluation, evaluate } from '../../src/policy/evaluate.ts'
import { at, exportUsers, rule } from './ask.ts'
import { bundleFiles, bundleYaml, loaded } from './files.ts'

const breakGlassDefaults = `  break_glass:
    who: [group:platform, group:security]
    reason: {min_length: 30, pattern: '^INC-[0-9]+', hint: "Begin with the number of the incident, as in INC-42."}
    grant: {ttl: 3m}
    notify: [channel:security, group:security]
    review_within: 24h
`
/** A bundle with an emergency path by default, and with a window. */
export const files = {
  'bundle.yaml': `${bundleYaml.replace('floor:\n', `${breakGlassDefaults}floor:\n`)}windows: {night: {from: "22:00", to: "06:00"}}\n`,
}
/** An action whose parameters are open. */
export const query: Partial<Action> = { action: 'db.query', params: { a: 'text' } }
/** A rule about it. */
export const on = (verdict: string, more: string, id = 'a') =>
  rule(id, verdict, { match: 'actions: [db.query]', more })
const given: Omit<Ask, 'action'> = { agent: { id: 'agt_1', name: 'bot' }, at }

/** What these rules say about an export; `how` changes what is known besides the action. */
export function ask(rules: string, action: Partial<Action> = {}, how: Partial<Ask> = {}): Evaluation {
  const bundle = loaded(bundleFiles({ ...files, 'rules/a.yaml': rules }))
  return evaluate(bundle, { ...given, ...how, action: { ...exportUsers, ...action } })
}
