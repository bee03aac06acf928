import { stringify } from 'yaml'
import type { Bundle } from '../../policy/bundle.ts'
import { evaluateWithFacts } from '../../policy/evaluate.ts'
import { logicOf } from '../logic/ruleLogic.ts'
import { probeRules } from '../probes/probes.ts'
import { someAgent } from '../standIn.ts'

/**
 * A test for a rule that no test reaches yet, as an item of `tests:`: a request that it applies to, and what the policy
 * says of it now. Null when no such request was found. Whoever adopts it decides whether that is right.
 */
export function skeletonFor(bundle: Bundle, rule: string): string | null {
  const probe = probeRules(bundle, logicOf(bundle)).reached.get(rule)
  if (probe === undefined) return null
  const { action, facts } = probe
  const { verdict, requirement } = evaluateWithFacts(bundle, action, facts)
  const { resource, resources = {}, agent, initiator, request, time } = facts
  const others = Object.entries(resources).map(
    ([name, { type: _, id: _id, ...said }]) => [name, said] as const,
  )
  const person = { id: 'U0SOMEBODY', email: 'somebody@example.test' }
  const test = {
    name: `${rule}: say what this shows`,
    request: {
      action: action.action,
      resource: {
        ...action.resource,
        ...resource,
        ...(Object.keys(resource.labels).length === 0 && { labels: undefined }),
      },
      ...(others.length > 0 && { resources: Object.fromEntries(others) }),
      params: action.params,
      environment: action.environment,
      agent: {
        ...agent,
        id: agent.id === someAgent ? undefined : agent.id,
        tags: agent.tags?.length ? agent.tags : undefined,
        owner: { ...person, ...agent.owner },
      },
      initiator: { ...person, ...initiator },
      ...(request?.reason && { reason: request.reason }),
      ...(facts.budget && { budgets: facts.budget }),
      time: time?.now ?? facts.at,
    },
    expect: {
      verdict: verdict.kind,
      decided_by: verdict.rules,
      ...(verdict.observed.length > 0 && { observed: verdict.observed }),
      ...(requirement && {
        approvals: Object.fromEntries(requirement.legs.map(({ name, count }) => [name, count])),
      }),
    },
  }
  return stringify([test], { keepUndefined: false, aliasDuplicateObjects: false, lineWidth: 110 })
}
