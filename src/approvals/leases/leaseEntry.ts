import type { JsonObject } from '../../core/json.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Actor, NewEntry } from '../../ledger/entry.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { Lease } from './records.ts'

/** What happened to a lease. What it is and may do stands beside the leaf: it names tables. */
export function leaseEntry(
  ports: Ports,
  { lease, request }: { readonly lease: Lease; readonly request: ActionRequest | null },
  by: {
    readonly type: 'lease.issued' | 'lease.ended' | 'lease.expires'
    readonly actor: Actor
    readonly data: JsonObject
  },
): NewEntry {
  const { id, issuer, target, about } = lease
  return newEntry(
    ports,
    {
      type: by.type,
      actor: by.actor,
      subject: { kind: 'lease', id },
      data: { issuer, target, ...by.data },
      kept: { about },
    },
    request ?? undefined,
  )
}
