import { timingSafeEqual } from 'node:crypto'
import type { AccountKey } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { auditorsOf } from '../../policy/auditors.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { AuditorKey } from '../records.ts'
import { orRefuse } from './askDirectory.ts'
import { hashSecret } from './authenticate.ts'
import { accountOrNobody } from './humans.ts'
import { isAmong } from './legs.ts'

/** `csa_`, the key id's suffix, `_`, 32 bytes of secret as base64url. */
const credentialPattern = /^csa_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/

/** Milliseconds of reading that are one session, and one entry. */
const sessionMs = 3_600_000

/** The key of an auditor: shown once, never stored. */
export function auditorCredential(id: string, secret: string): string {
  return `csa_${id.slice('adk_'.length)}_${secret}`
}

/**
 * The auditor whose key came with a call, judged as things are now. The first call of each hour is recorded before it is answered;
 * where it cannot be recorded, nothing is read.
 *
 * @param asked what is read by this call, and how many entries the tree has
 * @throws Refusal `unauthenticated`, whatever is wrong with the key; `not_an_auditor` when it is not confirmed, or its person is none
 *   now; `directory_unavailable` when nobody can say; `busy`
 */
export async function admitAuditor(
  ports: Ports,
  bearer: string,
  asked: () => Promise<JsonObject>,
): Promise<AuditorKey> {
  const key = await authenticated(ports, bearer)
  if (key.status === 'unconfirmed') throw new Refusal('not_an_auditor', 'the auditor key is not confirmed')
  if (!(await mayAudit(ports, key.account)))
    throw new Refusal('not_an_auditor', 'the active policy does not name the person under auditors')
  return isInSession(key, ports.clock()) ? key : begun(ports, key, await asked())
}

/**
 * Whether the active policy names this account as an auditor, and it is an active, full member.
 *
 * @throws Refusal `directory_unavailable` when that is not known
 */
export async function mayAudit(ports: Ports, account: AccountKey): Promise<boolean> {
  const found = await orRefuse('directory_unavailable', () => accountOrNobody(ports.directory, account))
  if (found === null || whyNotStaff(found) !== null) return false
  try {
    return await isAmong(ports, auditorsOf(ports.policy()), found.key)
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === 'identity_unknown')
      throw new Refusal('directory_unavailable', fault.message)
    throw fault
  }
}

async function authenticated({ store, clock }: Ports, bearer: string): Promise<AuditorKey> {
  const [, suffix, secret] = credentialPattern.exec(bearer) ?? []
  if (!suffix || !secret) throw new Refusal('unauthenticated', 'the credential does not have the form of one')
  const key = await store.auditorKey(`adk_${suffix}`)
  const offered = Buffer.from(hashSecret(secret), 'hex')
  const expected = key ? Buffer.from(key.secretHash, 'hex') : Buffer.alloc(offered.length)
  if (!timingSafeEqual(offered, expected) || !key)
    throw new Refusal('unauthenticated', 'no auditor key with that secret')
  if (key.status === 'revoked') throw new Refusal('unauthenticated', 'the auditor key is revoked')
  if (clock().toISOString() >= key.endsAt)
    throw new Refusal('unauthenticated', 'the auditor key is over its time')
  return key
}

function isInSession({ usedAt }: AuditorKey, now: Date): boolean {
  return usedAt !== null && now.getTime() - Date.parse(usedAt) < sessionMs
}

/** Of calls that come at once, one writes it, and the others find it written. */
async function begun(ports: Ports, key: AuditorKey, asked: JsonObject): Promise<AuditorKey> {
  const now = ports.clock()
  const next = { ...key, version: key.version + 1, usedAt: now.toISOString() }
  const until = new Date(now.getTime() + sessionMs).toISOString()
  const entry = newEntry(ports, {
    type: 'auditor.read',
    actor: { kind: 'person', id: key.person, account: key.account, via: 'auditor_key' },
    subject: { kind: 'person', id: key.person },
    data: { key: key.id, until, ...asked },
  })
  const committed = await ports.store.commit({
    auditorKeys: [{ expected: key.version, next }],
    entries: [entry],
  })
  if (committed === 'applied') return next
  const found = await ports.store.auditorKey(key.id)
  if (found?.status === 'active' && isInSession(found, now)) return found
  throw new Refusal('busy', 'the auditor key changed in that moment')
}
