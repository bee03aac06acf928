import { digestOf } from '../../core/digest.ts'
import type { Flow } from './flows.ts'
import { quoted } from './quoted.ts'
import type { Decided } from './said.ts'

/** What a rule that is suggested says. */
export type Suggested = 'allow' | 'deny' | 'require_approval'

/** One rule as it stands in a file, and what its exception in others says. */
export interface RuleText {
  readonly id: string
  readonly yaml: string
  /** The same request as one condition, for the `unless` of rules that ask about it: also what, who and where. */
  readonly exception: string
}

/** The rule; the same record gives the same text. */
export function ruleText(
  { action, agent, environment }: Flow,
  decided: Decided,
  of: { readonly verdict: Suggested; readonly conditions: readonly string[] },
): RuleText {
  const { verdict, conditions } = of
  const digest = digestOf('countersign/suggestion/v1', {
    action,
    agent,
    environment,
    verdict,
    conditions: [...conditions],
  })
  const id = `suggested.${idPart(action)}.${digest.slice('sha256:'.length, 'sha256:'.length + 8)}`
  const lines = conditions.join('\n&& ').split('\n')
  const yaml = [
    `- id: ${id}`,
    `  description: ${quoted(description[verdict]({ action, agent, times: decided.asked.length }))}`,
    `  match: {actions: [${quoted(action)}], agents: [${quoted(agent)}], environments: [${quoted(environment)}]}`,
    '  when: |',
    ...lines.map((line) => `    ${line}`),
    `  verdict: ${verdict}`,
    ...(verdict === 'require_approval' ? ['  require: {reason: {min_length: 20}}'] : []),
    ...(verdict === 'deny' ? ['  message: People have denied this again and again.'] : []),
  ]
  const who = [
    // A rule that asks can be about other actions as well, and goes on asking about those.
    `action == ${quoted(action)}`,
    `agent.name == ${quoted(agent)}`,
    `environment == ${quoted(environment)}`,
  ]
  return { id, yaml: `${yaml.join('\n')}\n`, exception: [...who, ...conditions].join('\n&& ') }
}

/** What an approver of the change reads; names of actions and agents have a form that is plain. */
const description: Readonly<
  Record<Suggested, (of: { action: string; agent: string; times: number }) => string>
> = {
  allow: ({ action, agent, times }) =>
    `What ${agent} asked of ${action} ${times} times, and people always granted, runs without asking.`,
  deny: ({ action, agent, times }) =>
    `What ${agent} asked of ${action} ${times} times, and people always denied, is denied at once.`,
  require_approval: ({ action, agent, times }) =>
    `What ${agent} asked of ${action}, and people denied ${times} times, needs a reason from whoever approves it.`,
}

function idPart(action: string): string {
  return action
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
}
