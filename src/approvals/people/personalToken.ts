import { timingSafeEqual } from 'node:crypto'
import { Refusal } from '../../core/refusal.ts'
import type { Change } from '../change.ts'
import type { ReadPorts } from '../ports.ts'
import type { PersonalToken } from '../records.ts'
import { hashSecret } from './authenticate.ts'

/** `csp_`, the token id's suffix, `_`, 32 bytes of secret as base64url. */
const credentialPattern = /^csp_([0-9a-z]{26})_([A-Za-z0-9_-]{43})$/

/** Milliseconds of deciding after the first decision by a token of which its person hears nothing more. */
const quietMs = 3_600_000

type Knowing = Pick<ReadPorts, 'store' | 'clock'>

/** The token of a person: shown once, never stored. */
export function personalCredential(id: string, secret: string): string {
  return `csp_${id.slice('ptk_'.length)}_${secret}`
}

/**
 * The token that came with a call. Who its person is today, and whether they are staff, is for whoever does something with it to judge.
 *
 * @throws Refusal `unauthenticated`, whatever is wrong with it
 */
export async function authenticatePerson(ports: Knowing, bearer: string): Promise<PersonalToken> {
  const [, suffix, secret] = credentialPattern.exec(bearer) ?? []
  if (!suffix || !secret) throw new Refusal('unauthenticated', 'the credential does not have the form of one')
  const token = await ports.store.personalToken(`ptk_${suffix}`)
  const offered = Buffer.from(hashSecret(secret), 'hex')
  const expected = token ? Buffer.from(token.secretHash, 'hex') : Buffer.alloc(offered.length)
  if (!timingSafeEqual(offered, expected) || !token)
    throw new Refusal('unauthenticated', 'no personal token with that secret')
  return counting(ports, token)
}

/**
 * What is written with what a person did by a token: nothing of it is, when the token was revoked since it was read. Once an hour its
 * person is told that it is in use.
 *
 * @param id null where they did it in a channel
 * @throws Refusal `unauthenticated` when it does not count any more
 */
export async function tokenUse(
  ports: Knowing,
  id: string | undefined,
  request: string,
): Promise<Pick<Change, 'personalTokens' | 'tokenRead' | 'jobs'>> {
  if (id === undefined) return {}
  const found = await ports.store.personalToken(id)
  if (!found) throw new Refusal('unauthenticated', 'the personal token is gone')
  const token = counting(ports, found)
  const now = ports.clock()
  const tokenRead = { id, version: token.version }
  if (token.usedAt !== null && now.getTime() - Date.parse(token.usedAt) < quietMs) return { tokenRead }
  const next = { ...token, version: token.version + 1, usedAt: now.toISOString() }
  return {
    tokenRead,
    personalTokens: [{ expected: token.version, next }],
    jobs: [{ task: 'token', token: id, why: 'used', since: now.toISOString(), request }],
  }
}

function counting({ clock }: Knowing, token: PersonalToken): PersonalToken {
  if (token.status === 'revoked') throw new Refusal('unauthenticated', 'the personal token is revoked')
  if (clock().toISOString() >= token.endsAt)
    throw new Refusal('unauthenticated', 'the personal token is over its time')
  return token
}
