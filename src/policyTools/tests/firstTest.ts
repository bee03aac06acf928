import { stringify } from 'yaml'
import type { Bundle } from '../../policy/bundle.ts'
import { skeletonFor } from './skeleton.ts'

/**
 * A test file to begin with, for a bundle that has none: a request that the first rule applies to, and what the policy says
 * of it now; without rules, an action that nobody thought of. It passes as it is: whoever adopts it decides whether that is right.
 */
export function firstTest(bundle: Bundle): string {
  const [skeleton = strangeAction(bundle)] = bundle.rules.flatMap(({ id }) => skeletonFor(bundle, id) ?? [])
  return `apiVersion: countersign/v1\nkind: PolicyTests\ntests:\n${skeleton}`
}

function strangeAction({ unmatched, environments, catalogue }: Bundle): string {
  const action = [...catalogue.keys()].reduce(
    (name, known) => (name === known ? `${known}.x` : name),
    'nobody.knows',
  )
  const test = {
    name: 'an action that nobody thought of never runs by itself',
    request: {
      action,
      resource: { type: 'thing', id: 'any' },
      environment: environments?.[0] ?? 'prod',
      agent: { name: 'some-agent', owner: { id: 'U0SOMEBODY', email: 'somebody@example.test' } },
      time: '2026-01-05T12:00:00Z',
    },
    expect: { verdict: unmatched.unknownAction, code: 'unknown_action' },
  }
  return stringify([test], { lineWidth: 110 })
}
