import type { Confirmable, Confirmation } from '../../core/confirmation.ts'
import type { Account } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import type { EntryType, NewEntry } from '../../ledger/entry.ts'
import type { Change, Put } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { AuditorKey } from '../records.ts'
import { asking, dropped, newConfirmation } from './askToConfirm.ts'
import { auditorCredential, mayAudit } from './auditor.ts'
import { hashSecret } from './authenticate.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/** Days for which an auditor's key works at most. */
const mostDays = 90

/** An auditor's key as it was made: the credential is shown once, and works when its person has confirmed it. */
export interface IssuedAuditorKey {
  readonly key: AuditorKey
  readonly credential: string
  readonly confirmation: Confirmation
}

/**
 * A key by which one person reads the ledger over HTTP, and does nothing else. Whoever has it reads everything, so it works only when its
 * person has confirmed it.
 *
 * @throws Refusal `invalid_request` for the days, `unknown_person`, `not_an_auditor` when the active policy does not name them,
 *   `directory_unavailable`, `nobody_reachable` where nobody can be asked
 */
export async function addAuditorKey(
  ports: Ports,
  ask: Word & { readonly person: PersonClaim; readonly days: number },
): Promise<IssuedAuditorKey> {
  refuseDays(ask.days)
  const account = await resolveClaim(ports, ask.person, '/person')
  return issue(ports, { account, days: ask.days, follows: null, word: ask })
}

/**
 * Another key for the person of this one, which goes on working until they have confirmed the new one, and ends then.
 *
 * @throws Refusal as `addAuditorKey`; `not_applicable` when no such key lives
 */
export async function rotateAuditorKey(
  ports: Ports,
  ask: Word & { readonly key: string; readonly days: number },
): Promise<IssuedAuditorKey> {
  refuseDays(ask.days)
  const key = await living(ports, ask.key)
  const account = await resolveClaim(ports, { address: key.account }, '/key')
  return issue(ports, { account, days: ask.days, follows: key.id, word: ask })
}

/**
 * Ends an auditor's key at once, on anybody's word: it only takes away.
 *
 * @throws Refusal `not_applicable` when no such key lives; `busy`
 */
export async function revokeAuditorKey(
  ports: Ports,
  ask: Word & { readonly key: string },
): Promise<AuditorKey> {
  const key = await living(ports, ask.key)
  const about = await ports.store.confirmationsAbout(key.person)
  const ended = dropped(about.filter(({ what }) => what.kind === 'auditor_key' && what.key === key.id))
  const end = turned(key, 'revoked')
  const committed = await ports.store.commit({
    ...ended,
    auditorKeys: [end],
    entries: [keyEntry(ports, 'auditor.revoked', { key, word: ask })],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the auditor key changed while it was revoked')
  return end.next
}

type WhatOfAuditor = Extract<Confirmable, { kind: 'auditor_key' }>

/** The key works, and the one that it follows ends. @throws Refusal `confirmation_over` when it is gone */
export async function confirmedAuditorKey(
  ports: Ports,
  { key: id }: WhatOfAuditor,
  { id: confirmation }: Confirmation,
): Promise<Partial<Change>> {
  const key = await ports.store.auditorKey(id)
  if (key?.status !== 'unconfirmed') throw new Refusal('confirmation_over', 'the auditor key is gone')
  const before = key.follows === null ? null : await ports.store.auditorKey(key.follows)
  if (!before || before.status === 'revoked') return { auditorKeys: [turned(key, 'active')] }
  const word = { via: 'confirmation', confirmation }
  return {
    auditorKeys: [turned(key, 'active'), turned(before, 'revoked')],
    entries: [keyEntry(ports, 'auditor.revoked', { key: before, word, data: { followed_by: key.id } })],
  }
}

/** The key ends. */
export async function disownedAuditorKey(
  { store }: Ports,
  { key: id }: WhatOfAuditor,
): Promise<Partial<Change>> {
  const key = await store.auditorKey(id)
  return key && key.status !== 'revoked' ? { auditorKeys: [turned(key, 'revoked')] } : {}
}

async function issue(
  ports: Ports,
  by: {
    readonly account: Account
    readonly days: number
    readonly follows: string | null
    readonly word: Word
  },
): Promise<IssuedAuditorKey> {
  const { account, days, follows, word } = by
  if (!ports.confirms)
    throw new Refusal('nobody_reachable', 'there is no channel in which it could be confirmed')
  if (!(await mayAudit(ports, account.key)))
    throw new Refusal('not_an_auditor', 'the active policy does not name the person under auditors')
  const secret = ports.ids.secret()
  const now = ports.clock()
  const key: AuditorKey = {
    id: ports.ids.next('adk'),
    version: 1,
    person: await personOf(ports, account),
    account: account.key,
    secretHash: hashSecret(secret),
    status: 'unconfirmed',
    follows,
    createdAt: now.toISOString(),
    endsAt: new Date(now.getTime() + days * 86_400_000).toISOString(),
    usedAt: null,
  }
  const { person, endsAt } = key
  const confirmation = newConfirmation(
    ports,
    { kind: 'auditor_key', person, key: key.id, endsAt },
    { word, asked: [{ person, account, as: 'auditor' }] },
  )
  const question = asking(ports, confirmation)
  const committed = await ports.store.commit({
    ...question,
    auditorKeys: [{ expected: null, next: key }],
    entries: [
      keyEntry(ports, 'auditor.granted', { key, word, data: { ends_at: endsAt, follows } }),
      ...question.entries,
    ],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the key could not be written')
  return { key, credential: auditorCredential(key.id, secret), confirmation }
}

function refuseDays(days: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= mostDays) return
  throw new Refusal('invalid_request', 'a lifetime that an auditor key cannot have', [
    { pointer: '/days', detail: `Name a whole number of days from 1 to ${mostDays}.` },
  ])
}

async function living({ store }: Ports, id: string): Promise<AuditorKey> {
  const key = await store.auditorKey(id)
  if (!key || key.status === 'revoked')
    throw new Refusal('not_applicable', 'no auditor key of that id that lives')
  return key
}

function turned(key: AuditorKey, status: AuditorKey['status']): Put<AuditorKey> {
  return { expected: key.version, next: { ...key, version: key.version + 1, status } }
}

function keyEntry(
  ports: Ports,
  type: Extract<EntryType, 'auditor.granted' | 'auditor.revoked'>,
  { key, word, data = {} }: { readonly key: AuditorKey; readonly word: Word; readonly data?: JsonObject },
): NewEntry {
  const said = saidBy(word, onlyClaimed)
  return newEntry(ports, {
    type,
    actor: { kind: 'system', id: 'operator', via: word.via },
    subject: { kind: 'person', id: key.person },
    data: { key: key.id, ...data, ...said.data },
    kept: said.kept,
  })
}
