import { onTestFinished } from 'vitest'
import { followPolicy } from '../../src/approvals/policy/activePolicy.ts'
import { proposePolicy } from '../../src/approvals/policy/proposePolicy.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { nobodyHears } from '../support/health.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { click, testWorld, type World } from '../support/world.ts'

/** The world's bundle, which asks Security and a platform lead about changes of itself. */
export const guarded: Readonly<Record<string, string>> = {
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  policy.activate: {effect: admin, params: open}\n`,
  'rules/policy.yaml': `
- id: policy.change
  description: Changes of the policy need Security and a platform lead.
  match: {actions: [policy.activate]}
  verdict: require_approval
  require:
    approvals:
      - {name: security, from: [group:security], count: 1}
      - {name: platform, from: [group:platform-leads], count: 1}
`,
}

/** The same with a rule less: exports fall to the defaults. */
export const looser: Readonly<Record<string, string>> = {
  ...guarded,
  'rules/all.yaml': (guarded['rules/all.yaml'] ?? '').replace(/- id: export[\s\S]*?(?=- id: iam)/, ''),
}

/** And with a rule more. */
export const stricter: Readonly<Record<string, string>> = {
  ...guarded,
  'rules/more.yaml':
    '- {id: drop, description: Tables stay., match: {actions: [table.drop]}, verdict: deny}\n',
}

export interface PolicyHouse {
  readonly world: World
  readonly ports: Ports
  readonly renew: () => Promise<void>
  /** Proposes a bundle; Lee is the author unless told otherwise. */
  propose(
    files: Readonly<Record<string, string>>,
    given?: { readonly author?: string | null; readonly via?: 'cli' | 'startup' },
  ): ReturnType<typeof proposePolicy>
}

/** A world that judges by whatever bundle is active in its store. */
export async function policyHouse(
  options: { readonly store?: Store; readonly confirms?: boolean } = {},
): Promise<PolicyHouse> {
  const world = await testWorld({ ...options, policy: null })
  const active = await followPolicy({ store: world.store, ...nobodyHears, everyMs: 60_000 })
  onTestFinished(active.stop)
  const ports: Ports = { ...world.ports, policy: active.current, renewPolicy: active.renew }
  return {
    world: { ...world, ports },
    ports,
    renew: active.renew,
    async propose(files, { author = 'lee@acme.test', via = 'cli' } = {}) {
      const proposed = await proposePolicy(ports, {
        bundle: testBundle(files),
        files,
        author: author === null ? null : { email: author },
        reason: 'Less friction',
        via,
      })
      await active.renew()
      return proposed
    },
  }
}

/** The request by which people are asked about these files. */
export async function asked(
  house: PolicyHouse,
  files: Readonly<Record<string, string>>,
): Promise<ActionRequest> {
  const proposed = await house.propose(files)
  if (proposed.outcome !== 'asked') throw new Error(`nobody was asked: ${proposed.outcome}`)
  return proposed.request
}

/** Security and a platform lead agree. */
export async function agree(house: PolicyHouse, request: ActionRequest): Promise<void> {
  await click(house.world, request.id, 'U0PRIYA')
  await click(house.world, request.id, 'U0GRACE')
}
