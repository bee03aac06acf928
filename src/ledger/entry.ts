import { hash } from 'node:crypto'
import { canonical } from '../core/canonical.ts'
import type { Digest } from '../core/digest.ts'
import type { JsonObject } from '../core/json.ts'
import { Refusal } from '../core/refusal.ts'

/** Every kind of entry. A kind is never renamed: an auditor reads these years later. */
export const entryTypes = [
  'request.submitted',
  'request.approved',
  'request.denied',
  'request.expired',
  'request.cancelled',
  'request.narrowed',
  'request.revoked',
  'request.lapsed',
  'request.unreported',
  'request.escalated',
  'note.written',
  'record.erased',
  'erasure.refused',
  'retention.applied',
  'execution.reported',
  'execution.deviated',
  'decision.made',
  'decision.refused',
  'decision.lapsed',
  'decision.withdrawn',
  'glass.broken',
  'attempts.alarmed',
  'claims.alarmed',
  'alarm.sent',
  'review.overdue',
  'review.closed',
  'grant.issued',
  'grant.repeated',
  'grant.refused',
  'grant.redeemed',
  'grant.replayed',
  'grant.mismatched',
  'token.refused',
  'redemption.repeated',
  'card.posted',
  'card.listed',
  'preview.made',
  'preview.missed',
  'channel.failed',
  'channel.connected',
  'channel.disconnected',
  'reminder.sent',
  'agent.added',
  'agent.rotated',
  'agent.transferred',
  'agent.revoked',
  'agent.limited',
  'agent.paced',
  'agent.tagged',
  'person.added',
  'person.linked',
  'person.unlinked',
  'parting.refused',
  'oncall.linked',
  'oncall.differs',
  'oncall.unlinked',
  'account.changed',
  'delegation.started',
  'delegation.ended',
  'confirmation.asked',
  'confirmation.given',
  'confirmation.refused',
  'confirmation.disowned',
  'confirmation.lapsed',
  'lease.issued',
  'lease.ended',
  'lease.expires',
  'operator.granted',
  'operator.acted',
  'operator.revoked',
  'auditor.granted',
  'auditor.read',
  'auditor.revoked',
  'approver.granted',
  'approver.revoked',
  'resource.added',
  'resource.rotated',
  'resource.revoked',
  'stop.made',
  'stop.resumed',
  'stop.refused',
  'resume.refused',
  'policy.activated',
  'policy.refused',
  'shadow.started',
  'shadow.ended',
  'key.created',
  'key.activated',
  'key.retired',
  'key.erased',
  'secret.rotated',
  'ledger.resumed',
  'anchor.disputed',
  'webhook.added',
  'webhook.rotated',
  'webhook.removed',
  'webhook.dead',
  'webhook.replayed',
] as const

export type EntryType = (typeof entryTypes)[number]

/** Who did it, and through what. `via` is the channel: `api`, `webhook`, `slack`, `cli`, `clock`, `startup`. */
export interface Actor {
  readonly kind: 'agent' | 'resource' | 'person' | 'policy' | 'system'
  readonly id: string
  /** The account that was used, for a person. */
  readonly account?: string
  readonly via: string
}

/** A value kept outside the leaf, so that it can be erased while the tree stays verifiable (threats: erasure). */
export interface BlobRef {
  readonly name: string
  /** SHA-256 over salt and bytes, hex. Salted, because unsalted hashes of short values can be guessed. */
  readonly sha256_salted: string
  readonly bytes: number
}

/**
 * One line of the ledger, as it will stand in the tree: the leaf is the RFC 8785 text of this object with `seq`, its
 * index, added when it is sealed (docs/formats.md). Version 2; entries of version 1 stand beside them for good.
 */
export interface Entry {
  readonly v: 1 | 2
  readonly id: string
  /** RFC 3339, UTC, milliseconds. */
  readonly ts: string
  readonly type: EntryType
  /** The installation that wrote it. */
  readonly ws: string
  readonly actor: Actor
  readonly subject: {
    readonly kind:
      | 'request'
      | 'agent'
      | 'resource'
      | 'person'
      | 'policy'
      | 'stop'
      | 'key'
      | 'webhook'
      | 'lease'
      | 'token'
      | 'installation'
    readonly id: string
  }
  readonly request: string | null
  /** Version 1: the digest itself, by which a short action can be guessed after its parameters were erased. */
  readonly action_digest?: string | null
  /** Version 2: SHA-256 over the salt of the request and the digest, hex; the same in all entries of one request. */
  readonly action_digest_salted?: string | null
  readonly policy: string | null
  /** Small facts, no personal data beyond ids, no parameters. */
  readonly data: JsonObject
  readonly blobs: readonly BlobRef[]
}

/** What belongs to an entry and is stored beside it. `salt` is 16 random bytes, base64. */
export interface Blob {
  readonly entry: string
  readonly name: string
  readonly salt: string
  readonly text: string
}

/** An entry with its blobs: they are written together. */
export interface NewEntry {
  readonly entry: Entry
  readonly blobs: readonly Blob[]
}

/** C2SP entry bundles give a leaf two bytes of length. */
const leafLimit = 65_535

/**
 * The stored text of an entry: RFC 8785.
 *
 * @throws Refusal `entry_unwritable` when it cannot become a leaf; then the change must not happen (threats: cannot-write)
 */
export function entryText(entry: Entry): string {
  const text = canonical(entry)
  // Room for `"seq":` and an index of 15 digits, which sealing adds.
  if (Buffer.byteLength(text) + 24 > leafLimit)
    throw new Refusal('entry_unwritable', `an entry of type ${entry.type} is too large for a leaf`)
  return text
}

/** The hash that stands in the leaf for a blob. */
export function blobRef({ name, salt, text }: Blob): BlobRef {
  const bytes = Buffer.from(text)
  return { name, sha256_salted: salted(salt, bytes), bytes: bytes.length }
}

/** What stands in the leaves for the digest of an action: whoever has erased the salt cannot guess the action by it. */
export function saltedDigest(salt: string, digest: Digest): string {
  return salted(salt, Buffer.from(digest))
}

/** SHA-256 over a salt, given in base64, and bytes; hex. */
function salted(salt: string, bytes: Buffer): string {
  return hash('sha256', Buffer.concat([Buffer.from(salt, 'base64'), bytes]), 'hex')
}
