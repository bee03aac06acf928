import type { Json } from '../../core/json.ts'
import type { Verdict } from '../../core/request.ts'
import type { Ask } from '../../policy/ask.ts'
import { quoted } from './quoted.ts'

/** A request, and what the policy that has the suggestion says of it. */
export interface Expected {
  readonly name: string
  readonly ask: Ask
  readonly verdict: Verdict
}

/**
 * A file of tests. Nobody of the record is named in it: who asked for it plays no part in what is suggested, so a person who does
 * not exist stands in for all of them.
 */
export function testsText(tests: readonly Expected[]): string {
  return [
    'apiVersion: countersign/v1',
    'kind: PolicyTests',
    'tests:',
    ...tests.map(({ name, ask, verdict }) =>
      [
        `  - name: ${quoted(name)}`,
        `    request: ${requestText(ask)}`,
        `    expect: {verdict: ${verdict.kind}, code: ${verdict.code}, decided_by: ${json([...verdict.rules])}}`,
      ].join('\n'),
    ),
    '',
  ].join('\n')
}

const nobody = { id: 'U0SOMEBODY', email: 'somebody@example.test', groups: [] }

function requestText({ action, agent, at }: Ask): string {
  const { resource, params, environment } = action
  const tags = agent.tags ?? []
  return json({
    action: action.action,
    resource: { type: resource.type, id: resource.id },
    params,
    environment,
    agent: { name: agent.name, ...(tags.length > 0 && { tags: [...tags] }), owner: nobody },
    time: at,
  })
}

/** JSON as YAML reads it alike, in plain ASCII. */
export function json(value: Json): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: Json) => json(item)).join(', ')}]`
  const entries = Object.entries(value).map(([name, one]) => `${quoted(name)}: ${json(one)}`)
  return `{${entries.join(', ')}}`
}
