import { digestPrefix } from '../core/digest.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { AnyRequest } from '../core/request.ts'
import {
  type Actor,
  type Blob,
  blobRef,
  type Entry,
  type EntryType,
  type NewEntry,
  saltedDigest,
} from '../ledger/entry.ts'
import type { Ports } from './ports.ts'

/** What an entry says. `kept` are values that stand beside the leaf as salted hashes: parameters, prose, identity. */
export interface Saying {
  readonly type: EntryType
  readonly actor: Actor
  readonly subject: Entry['subject']
  readonly data?: JsonObject
  readonly kept?: Readonly<Record<string, Json | undefined>>
  /** The salt of a kept value that has one already, by its name; every other gets a new one. */
  readonly salts?: Readonly<Record<string, string | undefined>>
}

/** What entries are made with. */
export type EntryPorts = Pick<Ports, 'ids' | 'clock' | 'workspace'>

/** Makes one ledger entry out of what happened; the verb commits it with the change it records. */
export function newEntry(ports: EntryPorts, saying: Saying, request?: AnyRequest): NewEntry {
  const id = ports.ids.next('ent')
  const blobs: Blob[] = []
  for (const [name, value] of Object.entries(saying.kept ?? {})) {
    if (value === undefined || value === null) continue
    blobs.push({
      entry: id,
      name,
      salt: saying.salts?.[name] ?? ports.ids.salt(),
      text: typeof value === 'string' ? value : JSON.stringify(value),
    })
  }
  const entry: Entry = {
    ...digestOf(request),
    id,
    ts: ports.clock().toISOString(),
    type: saying.type,
    ws: ports.workspace,
    actor: saying.actor,
    subject: saying.subject,
    request: request?.id ?? null,
    policy: request?.verdict.policy ?? null,
    data: saying.data ?? {},
    blobs: blobs.map(blobRef),
  }
  return { entry, blobs }
}

/** A request from before salts stays recognisable in its entries as it was: by its plain digest, as version 1 has it. */
function digestOf(
  request: AnyRequest | undefined,
): Pick<Entry, 'v' | 'action_digest' | 'action_digest_salted'> {
  if (!request) return { v: 2, action_digest_salted: null }
  const { salt, digest, erased } = request
  if (salt !== undefined) return { v: 2, action_digest_salted: saltedDigest(salt, digest) }
  if (erased?.digest === 'salted') return { v: 2, action_digest_salted: digest.slice(digestPrefix.length) }
  return { v: 1, action_digest: digest }
}

/** An entry whose subject is the request itself. */
export function requestEntry(
  ports: EntryPorts,
  request: AnyRequest,
  saying: Omit<Saying, 'subject'>,
): NewEntry {
  return newEntry(ports, { ...saying, subject: { kind: 'request', id: request.id } }, request)
}
