import { bundleFiles } from './testBundle.ts'

/** Sending flows, unless the run has read something restricted within the hour; of a secret it never does. */
export const runFiles: Readonly<Record<string, string>> = {
  ...bundleFiles,
  'bundle.yaml': `${bundleFiles['bundle.yaml']}run: {window: 1h}\n`,
  'actions.yaml': `${bundleFiles['actions.yaml']}  file.read: {effect: read, params: open}
  mail.send: {effect: write, params: open}
`,
  'resources.yaml': `${bundleFiles['resources.yaml']}  - {match: {type: page, id: "*"}, sensitivity: public}
  - {match: {type: vault, id: "*"}, sensitivity: secret, labels: {contains: keys}}
`,
  'rules/run.yaml': `
- {id: send, description: Mail is free., match: {actions: [mail.send]}, verdict: allow}
- id: send.after-reading
  description: Mail after restricted data has been read needs Security.
  match: {actions: [mail.send]}
  when: '"restricted" in run.sensitivities'
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
- id: send.never
  description: No mail after keys have been read.
  match: {actions: [mail.send]}
  when: run.labels.exists(l, l == "contains=keys")
  verdict: deny
`,
}
