import type { Recorded } from '../../src/evidence/recorded.ts'
import type { Entry } from '../../src/ledger/entry.ts'

/** One entry of a request, as it is read. */
export function told(index: number, change: Partial<Entry>, blobs: Recorded['blobs'] = {}): Recorded {
  const entry: Entry = {
    v: 1,
    id: `ent_${index}`,
    ts: `2026-11-24T14:00:0${index}.000Z`,
    type: 'request.submitted',
    ws: 'wsp_1',
    actor: { kind: 'person', id: 'per_bob', account: 'slack:T:U0BOB', via: 'slack' },
    subject: { kind: 'request', id: 'req_1' },
    request: 'req_1',
    action_digest: 'sha256:aa',
    policy: 'sha256:bb',
    data: {},
    blobs: [],
    ...change,
  }
  return { index, leaf: '', entry, blobs, salts: {} }
}

/** Its asking. */
export const asked = told(
  0,
  {
    actor: { kind: 'agent', id: 'agt_1', via: 'api' },
    data: { action: 'db.export', resource: { type: 'table', id: 'users' } },
  },
  { params: '{"rows":1}', reason: 'first\n# not a heading', run: '{"model":"opus"}' },
)
/** Somebody's approval, as it stands in the record. */
export const approval = (index: number, at: string, legs: readonly string[]) =>
  told(
    index,
    { type: 'decision.made', data: { kind: 'approve', at, legs: [...legs], seen: 'sha256:cc' } },
    { seen: 'what it said' },
  )
