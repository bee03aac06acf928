import { timingSafeEqual } from 'node:crypto'
import type { Confirmation } from '../../core/confirmation.ts'
import type { PersonId } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { EntryType, NewEntry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { OperatorKey } from '../records.ts'
import { orRefuse } from './askDirectory.ts'
import { asking, dropped, newConfirmation } from './askToConfirm.ts'
import { hashSecret } from './authenticate.ts'
import { ownAccountsOf } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/** Days for which an operator's key works at most. */
const mostDays = 90

/** `cso_`, the key id's suffix, `_`, 32 bytes of secret as base64url. */
const credentialPattern = /^cso_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/

/**
 * A key by which scripts act as one person, for that person's own agents and their keys and for nothing else. It works
 * when its person has confirmed it; the credential is shown once.
 *
 * @throws Refusal `invalid_request` for the days, `unknown_person`, `directory_unavailable`, `nobody_reachable` where nobody can
 *   be asked: such a key is worth nothing as a claim
 */
export async function addOperatorKey(
  ports: Ports,
  ask: Word & { readonly person: PersonClaim; readonly days: number },
): Promise<{ readonly key: OperatorKey; readonly credential: string; readonly confirmation: Confirmation }> {
  if (!Number.isInteger(ask.days) || ask.days < 1 || ask.days > mostDays)
    throw new Refusal('invalid_request', 'a lifetime that an operator key cannot have', [
      { pointer: '/days', detail: `Name a whole number of days from 1 to ${mostDays}.` },
    ])
  if (!ports.confirms)
    throw new Refusal('nobody_reachable', 'there is no channel in which it could be confirmed')
  const account = await resolveClaim(ports, ask.person, '/person')
  const secret = ports.ids.secret()
  const now = ports.clock()
  const key: OperatorKey = {
    id: ports.ids.next('opk'),
    version: 1,
    person: await personOf(ports, account),
    account: account.key,
    secretHash: hashSecret(secret),
    status: 'unconfirmed',
    createdAt: now.toISOString(),
    endsAt: new Date(now.getTime() + ask.days * 86_400_000).toISOString(),
    usedAt: null,
  }
  const { person, endsAt } = key
  const confirmation = newConfirmation(
    ports,
    { kind: 'operator_key', person, key: key.id, endsAt },
    { word: ask, asked: [{ person, account, as: 'operator' }] },
  )
  const question = asking(ports, confirmation)
  const committed = await ports.store.commit({
    ...question,
    operatorKeys: [{ expected: null, next: key }],
    entries: [
      keyEntry(ports, 'operator.granted', { key, word: ask, data: { ends_at: endsAt } }),
      ...question.entries,
    ],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the key could not be written')
  return { key, credential: `cso_${key.id.slice('opk_'.length)}_${secret}`, confirmation }
}

/**
 * The key that came with a command.
 *
 * @throws Refusal `operator_key_refused` whatever is wrong with it, or with its person; `directory_unavailable`
 */
export async function authenticateOperator(ports: Ports, credential: string): Promise<OperatorKey> {
  const [, suffix, secret] = credentialPattern.exec(credential) ?? []
  const key = suffix ? await ports.store.operatorKey(`opk_${suffix}`) : null
  const offered = Buffer.from(hashSecret(secret ?? ''), 'hex')
  const expected = key ? Buffer.from(key.secretHash, 'hex') : Buffer.alloc(offered.length)
  if (!timingSafeEqual(offered, expected) || !key)
    throw new Refusal('operator_key_refused', 'no operator key with that secret')
  if (key.status !== 'active') throw new Refusal('operator_key_refused', `the operator key is ${key.status}`)
  if (ports.clock().toISOString() >= key.endsAt)
    throw new Refusal('operator_key_refused', 'the operator key is over its time')
  if (!(await isStaff(ports, key)))
    throw new Refusal('operator_key_refused', 'the person of the operator key is not staff any more')
  return key
}

/**
 * Ends an operator's key at once, on anybody's word: it only takes away.
 *
 * @throws Refusal `wrong_state` when there is none, or it is revoked already; `busy`
 */
export async function revokeOperatorKey(
  ports: Ports,
  ask: Word & { readonly key: string },
): Promise<OperatorKey> {
  const key = await ports.store.operatorKey(ask.key)
  if (!key || key.status === 'revoked')
    throw new Refusal('not_applicable', 'no operator key of that id that lives')
  const about = await ports.store.confirmationsAbout(key.person)
  const ended = dropped(about.filter(({ what }) => what.kind === 'operator_key' && what.key === key.id))
  const next = { ...key, version: key.version + 1, status: 'revoked' } as const
  const committed = await ports.store.commit({
    ...ended,
    operatorKeys: [{ expected: key.version, next }],
    entries: [keyEntry(ports, 'operator.revoked', { key, word: ask })],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the operator key changed while it was revoked')
  return next
}

/** The key, where its person owns what it is used for: for anybody else it says nothing. */
export async function inReach(
  ports: Pick<Ports, 'store'>,
  key: OperatorKey | null,
  owner: PersonId,
): Promise<OperatorKey | null> {
  if (!key) return null
  return (await ownAccountsOf(ports, owner)).some(({ id }) => id === key.account) ? key : null
}

/** What is written of a use; the commit is conditional on the key, which may be revoked in that moment. */
export function used(
  ports: Ports,
  key: OperatorKey | null,
  data: JsonObject,
): Required<Pick<Change, 'operatorKeys' | 'entries'>> {
  if (!key) return { operatorKeys: [], entries: [] }
  const next = { ...key, version: key.version + 1, usedAt: ports.clock().toISOString() }
  const word = { via: 'cli' }
  return {
    operatorKeys: [{ expected: key.version, next }],
    entries: [keyEntry(ports, 'operator.acted', { key, word, data })],
  }
}

async function isStaff(ports: Ports, { account }: OperatorKey): Promise<boolean> {
  const found = await orRefuse('directory_unavailable', () => accountOrNobody(ports.directory, account))
  return found !== null && whyNotStaff(found) === null
}

function keyEntry(
  ports: Ports,
  type: Extract<EntryType, `operator.${string}`>,
  { key, word, data = {} }: { readonly key: OperatorKey; readonly word: Word; readonly data?: JsonObject },
): NewEntry {
  const isUse = type === 'operator.acted'
  const said = saidBy(word, isUse ? { ...onlyClaimed, operatorKey: key } : onlyClaimed)
  return newEntry(ports, {
    type,
    actor: isUse
      ? { kind: 'person', id: key.person, account: key.account, via: 'operator_key' }
      : { kind: 'system', id: 'operator', via: word.via },
    subject: { kind: 'person', id: key.person },
    data: { key: key.id, ...data, ...said.data },
    kept: said.kept,
  })
}
