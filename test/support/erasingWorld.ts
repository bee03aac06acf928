import { askErasure } from '../../src/approvals/erasure/askErasure.ts'
import type { Erasable } from '../../src/approvals/erasure/records.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { shell } from './claims.ts'
import { bundleFiles, testBundle } from './testBundle.ts'
import type { World } from './world.ts'

const security = `  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
`

/** The policy of the tests, which asks Security about erasing, unless another verdict is given. */
export function erasingPolicy(verdict = security) {
  return testBundle({
    ...bundleFiles,
    'actions.yaml': `${bundleFiles['actions.yaml']}  record.erase: {effect: write, params: open}\n`,
    'rules/record.yaml': `
- id: record.erase
  description: Erasing needs Security.
  match: {actions: [record.erase]}
${verdict}`,
  })
}

/** Noor, whom nothing of it is about, asks for something to be erased. */
export async function askToErase(
  { ports }: World,
  erasable: Erasable,
  given: { readonly updateCards?: boolean; readonly by?: string } = {},
): Promise<ActionRequest> {
  const { updateCards = false, by = 'noor' } = given
  const asked = await askErasure(ports, {
    erasable,
    by: { email: `${by}@acme.test` },
    reason: 'They asked for it',
    updateCards,
    via: 'cli',
    shell,
  })
  if (asked.outcome !== 'asked') throw new Error('nobody was asked')
  return asked.request
}
