import type { JsonObject } from '../../../src/core/json.ts'
import type { Recorded } from '../../../src/evidence/recorded.ts'
import { beginFigures } from '../../../src/evidence/report/fold.ts'
import { type Actor, type Entry, type EntryType, entryText } from '../../../src/ledger/entry.ts'
import { leafText } from '../../../src/ledger/leaf.ts'

export interface Line {
  readonly type: EntryType
  readonly at: string
  readonly actor?: Partial<Actor>
  readonly subject?: Entry['subject']
  readonly request?: string
  readonly data?: JsonObject
  readonly blobs?: Readonly<Record<string, string | null>>
}

/** Entries as they would stand in the ledger, from index 0. */
export function madeRecord(lines: readonly Line[]): readonly Recorded[] {
  return lines.map(({ type, at, actor, subject, request = null, data = {}, blobs = {} }, index) => {
    const entry: Entry = {
      v: 1,
      id: `ent_${String(index).padStart(26, '0')}`,
      ...{ ts: at, type, ws: 'wsp_made' },
      actor: { kind: 'agent', id: 'agt_one', via: 'api', ...actor },
      subject: subject ?? { kind: 'request', id: request ?? 'none' },
      request,
      ...{ action_digest: null, policy: null, data },
      blobs: Object.keys(blobs).map((name) => ({ name, sha256_salted: '00', bytes: 1 })),
    }
    return { index, leaf: leafText(entryText(entry), index), entry, blobs, salts: {} }
  })
}

/** The figures of a record that is in memory. `from`: the index at which the period begins. */
export function figuresOf(
  record: readonly Recorded[],
  { since, until, from = 0 }: { readonly since: string; readonly until: string; readonly from?: number },
) {
  const fold = beginFigures({
    origin: 'countersign/wsp_made',
    period: { since, until },
    range: { from, to: record.length },
    span: { since, until },
  })
  for (let at = 0; at < record.length; at += 500) fold.page(record.slice(at, at + 500))
  return fold.end()
}

const asker: Actor = { kind: 'agent', id: 'agt_one', via: 'api' }

export function asks(request: string, at: string, data: JsonObject = {}): Line {
  return {
    ...{ type: 'request.submitted', at, request, actor: asker },
    data: { action: 'db.export', verdict: { kind: 'require_approval' }, ...data },
  }
}

export function person(id: string): Partial<Actor> {
  return { kind: 'person', id, account: `slack:T1:${id}`, via: 'slack' }
}
