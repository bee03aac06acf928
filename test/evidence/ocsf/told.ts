import type { Recorded } from '../../../src/evidence/recorded.ts'
import { type Entry, type EntryType, entryText } from '../../../src/ledger/entry.ts'
import { leafText } from '../../../src/ledger/leaf.ts'

/** A sealed entry of a type, as evidence is made of it. */
export function told(type: EntryType, given: Partial<Entry> = {}, index = 7): Recorded {
  const entry: Entry = {
    v: 1,
    id: 'ent_01',
    ts: '2026-11-24T14:00:00.123Z',
    type,
    ws: 'wsp_1',
    actor: { kind: 'person', id: 'per_bob', account: 'slack:T0ACME:U0BOB', via: 'slack' },
    subject: { kind: 'request', id: 'req_1' },
    request: 'req_1',
    action_digest: `sha256:${'a'.repeat(64)}`,
    policy: `sha256:${'b'.repeat(64)}`,
    data: {},
    blobs: [],
    ...given,
  }
  return { index, leaf: leafText(entryText(entry), index), entry, blobs: {}, salts: {} }
}
