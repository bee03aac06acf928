import type { Store } from '../../src/approvals/ports.ts'
import type { Shadow, ShadowBatch } from '../../src/approvals/shadow/records.ts'
import type { Counted } from '../../src/policyTools/simulation/beside.ts'
import { at, newId } from './made.ts'

export function madeShadow(given: Partial<Shadow> = {}): Shadow {
  return {
    id: newId('shd'),
    version: 1,
    digest: 'sha256:c',
    filesDigest: 'sha256:fc',
    name: 'c',
    startedAt: at,
    endsAt: '2026-12-01T14:00:00.123Z',
    ended: null,
    ...given,
  }
}

/** The candidate's files come with it. */
export async function startMade(store: Store, shadow: Shadow) {
  const { digest, filesDigest, name, startedAt } = shadow
  const version = { digest, filesDigest, name, files: {} }
  const expected = await store.activeFiles()
  const policy = { version, activation: null, expected, at: startedAt }
  return store.commit({ shadows: [{ expected: null, next: shadow }], policy, entries: [] })
}

export const madeKind: Counted = {
  outcome: 'loosened',
  action: 'db.export',
  from: 'require_approval(export)',
  to: 'allow(more)',
  differences: [{ field: 'verdict', from: 'require_approval', to: 'allow', effect: 'loosened', both: false }],
  count: 2,
  examples: ['req_2', 'req_1'],
}

export function madeBatch(given: Partial<ShadowBatch> = {}): ShadowBatch {
  return {
    shadow: 'shd_1',
    id: 'rep_1',
    name: 'host (process 1)',
    nth: 1,
    judges: true,
    problem: null,
    base: 'sha256:1',
    unchanged: 5,
    tightened: 0,
    loosened: 2,
    failed: 1,
    dropped: 3,
    found: [madeKind],
    ...given,
  }
}
