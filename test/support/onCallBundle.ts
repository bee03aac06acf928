import { bundleFiles } from './testBundle.ts'

/** The bundle of tests with sets of people on call: a deploy asks them, a drop asks them and Security. */
export const onCallBundle: Readonly<Record<string, string>> = {
  ...bundleFiles,
  'bundle.yaml': `${bundleFiles['bundle.yaml']}  oncall:platform: {pagerduty_schedule: PSCHED, within: group:platform-leads}
`,
  'rules/all.yaml': `
- id: deploy
  description: Whoever is on call.
  match: {actions: [deploy.start]}
  verdict: require_approval
  require: {approvals: [{name: oncall, from: [oncall:platform], count: 1}]}
- id: drop
  description: Whoever is on call, and Security.
  match: {actions: [table.drop]}
  verdict: require_approval
  require:
    approvals:
      - {name: oncall, from: [oncall:platform], count: 1}
      - {name: security, from: [group:security], count: 1}
- id: drain
  description: Security; later whoever is on call.
  match: {actions: [node.drain]}
  verdict: require_approval
  require: {approvals: [{name: security, from: [group:security], count: 1}]}
  notify: {escalate: [{after: 10m, to: oncall:platform}]}
`,
}
