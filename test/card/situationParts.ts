import type { RequestView } from '../../src/card/view.ts'
import type { ActionRequest, BrokenGlass, Verdict } from '../../src/core/request.ts'
import type { BreakGlass, Requirement } from '../../src/core/requirement.ts'
import type { Entry } from '../../src/ledger/entry.ts'
import { viewOfExport } from './views.ts'

export const group = (id: string) => ({
  ref: `group:${id.toLowerCase()}`,
  kind: 'group' as const,
  address: `slack:${id}`,
})

export const path: BreakGlass = {
  who: [group('S0INCIDENT'), { ref: 'user:omar', kind: 'account', address: 'slack:U0OMAR' }],
  reason: { minLength: 30, patterns: ['^INC-[0-9]+'] },
  stepUp: false,
  grant: { withinSeconds: 900, ttlSeconds: 300, uses: 1 },
  notify: ['slack:C0SECURITY'],
  reviewWithinSeconds: 86_400,
}

export const at = '2026-11-24T14:10:00.000Z'

export const glass: BrokenGlass = {
  person: 'per_bob',
  account: 'slack:T0ACME:U0BOB',
  reason: 'INC-42: the export is the only copy that is left,\nand the disk is failing.',
  at,
  via: 'slack',
  reviewBy: '2026-11-25T14:10:00.000Z',
  review: null,
}

export const review = {
  person: 'per_sam',
  account: 'slack:T0ACME:U0SAM',
  note: 'It was an emergency. The disk is replaced.',
  at: '2026-11-25T09:00:00.000Z',
}

export const toLeads = { afterSeconds: 600, to: group('S0LEADS'), legs: ['security'] }

/** The export, with something else in its requirement and its verdict. */
export function exportWith(
  change: Parameters<typeof viewOfExport>[0] & {
    readonly demands?: Partial<Requirement>
    readonly judged?: Partial<Verdict>
  },
): RequestView {
  const { demands, judged, ...rest } = change
  const { requirement, verdict } = viewOfExport().request
  if (!requirement) throw new Error('a requirement is expected')
  return viewOfExport({
    requirement: { ...requirement, ...demands },
    verdict: { ...verdict, ...judged },
    ...rest,
  })
}

export function entry(type: Entry['type'], more: Partial<Pick<Entry, 'actor' | 'data'>> = {}): Entry {
  return {
    v: 1,
    id: 'ent_01kb',
    ts: at,
    type,
    ws: 'ws_1',
    actor: { kind: 'person', id: 'per_bob', account: 'slack:T0ACME:U0BOB', via: 'slack' },
    subject: { kind: 'request', id: 'req_01kb0000000000000000000000' },
    request: 'req_01kb0000000000000000000000',
    action_digest: null,
    policy: null,
    data: {},
    blobs: [],
    ...more,
  }
}

export const decided = entry('decision.made')
export const settled = (state: ActionRequest['state']) => ({ state, settledAt: at })
