import type { RequestView } from '../../src/card/view.ts'
import type { Json } from '../../src/core/json.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { personOfToday, requestOfToday } from '../support/people.ts'

export const hostile =
  '*APPROVED* <!channel> <https://evil.test|bank> `x` :white_check_mark: > quote &amp; \u202egpj.exe'

const people = new Map([
  [personOfToday('per_alice'), { account: 'slack:T0ACME:U0ALICE', name: 'Alice' }],
  [personOfToday('per_lee'), { account: 'slack:T0ACME:U0LEE', name: 'Lee <!here>' }],
  [personOfToday('per_bob'), { account: 'slack:T0ACME:U0BOB', name: 'Bob' }],
  [personOfToday('per_sam'), { account: 'slack:T0ACME:U0SAM', name: 'Sam' }],
])

/** A request for people's agreement on an export, with anything changed. */
export function viewOfExport(
  change: Partial<ActionRequest> & { params?: Record<string, Json>; filled?: [string, string[]][] } = {},
): RequestView {
  const {
    params = { table: 'users', rows: 250_000, columns: ['id', 'email'] },
    filled = [],
    ...rest
  } = change
  const action = {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params,
    environment: 'production',
  }
  return {
    request: requestOfToday(exportRequest({ action, ...rest })),
    people,
    filled: new Map(filled.map(([leg, ids]) => [leg, ids.map(personOfToday)])),
  }
}

export function decisionOf(person: 'bob' | 'sam', kind: 'approve' | 'deny', reason: string | null = null) {
  return {
    person: `per_${person}`,
    account: `slack:T0ACME:U0${person.toUpperCase()}`,
    kind,
    reason,
    legs: ['data'],
    via: 'slack',
    typed: [],
    seen: `sha256:${'c'.repeat(64)}` as const,
    at: '2026-11-24T14:09:00.000Z',
  }
}
