import type { Account, AccountKey } from '../../core/identity.ts'
import type { JsonObject } from '../../core/json.ts'
import { Refusal } from '../../core/refusal.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { PersonalToken } from '../records.ts'
import { hashSecret } from './authenticate.ts'
import { ownAccountsOf, ownPerson } from './currentPeople.ts'
import { linkOf, personOf } from './identify.ts'
import { personalCredential } from './personalToken.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/** For how many days a token works: at most, and where nobody says. */
export const tokenDays = { most: 30, usual: 7 } as const

/** So many tokens of one person live at the same time. */
export const mostTokens = 5

/** A token as it was made: the credential is shown once. */
export interface IssuedToken {
  readonly token: PersonalToken
  readonly credential: string
}

/** Whoever asks in a channel, by an account that the channel has authenticated. */
interface Asker {
  readonly account: Account
  /** The channel, such as `slack`. */
  readonly via: string
}

/**
 * A token by which its person decides from somewhere else than their channel. It can do what their account can, and nothing that they
 * could not do on a card. They are told of it in a message of their own, so that nobody gets one in their name unnoticed.
 *
 * @throws Refusal `not_staff`, `invalid_request` for the days, `too_many_tokens`, `busy`
 */
export async function issueToken(
  ports: Ports,
  { account, via, days }: Asker & { readonly days: number },
): Promise<IssuedToken> {
  if (whyNotStaff(account)) throw new Refusal('not_staff', 'a token for somebody who is not staff')
  refuseDays(days)
  if ((await tokensOf(ports, account)).length >= mostTokens)
    throw new Refusal('too_many_tokens', 'the person has as many tokens as they may')
  const secret = ports.ids.secret()
  const now = ports.clock()
  const token: PersonalToken = {
    id: ports.ids.next('ptk'),
    version: 1,
    person: await personOf(ports, account),
    account: account.key,
    secretHash: hashSecret(secret),
    status: 'active',
    createdAt: now.toISOString(),
    endsAt: new Date(now.getTime() + days * 86_400_000).toISOString(),
    usedAt: null,
  }
  const actor = { kind: 'person', id: token.person, account: token.account, via } as const
  const entry = newEntry(ports, {
    type: 'approver.granted',
    actor,
    subject: { kind: 'token', id: token.id },
    data: { person: token.person, account: token.account, ends_at: token.endsAt },
    kept: { identity: { ...account } },
  })
  const committed = await ports.store.commit({
    personalTokens: [{ expected: null, next: token }],
    entries: [entry],
    jobs: [{ task: 'token', token: token.id, why: 'issued', since: token.createdAt }],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the token could not be written')
  // Whoever makes several at the same moment passes the first look with each; counted once they are written, none is too many.
  if ((await tokensOf(ports, account)).length > mostTokens) {
    await end(ports, token, { actor })
    throw new Refusal('too_many_tokens', 'the person made several tokens at once')
  }
  return { token, credential: personalCredential(token.id, secret) }
}

/** The tokens of somebody's person that live, newest first; not those of an account that is only claimed to be theirs. */
export async function tokensOf(ports: Ports, account: Account): Promise<readonly PersonalToken[]> {
  return ports.store.personalTokensOf(await ownKeysOf(ports, account), ports.clock())
}

/**
 * Ends a token of one's own at once.
 *
 * @throws Refusal `not_applicable` when it is none of theirs that lives, `busy`
 */
export async function revokeOwnToken(
  ports: Ports,
  { account, via, token: id }: Asker & { readonly token: string },
): Promise<PersonalToken> {
  const token = await living(ports, id)
  if (!(await ownKeysOf(ports, account)).includes(token.account))
    throw new Refusal('not_applicable', 'the token is somebody else’s')
  const { person } = await linkOf(ports, account)
  return end(ports, token, { actor: { kind: 'person', id: person, account: account.key, via } })
}

/**
 * Ends a token at once, on anybody's word: it only takes away. Its person is told.
 *
 * @throws Refusal `not_applicable` when no such token lives, `busy`
 */
export async function revokeToken(
  ports: Ports,
  ask: Word & { readonly token: string },
): Promise<PersonalToken> {
  const { data, kept } = saidBy(ask, onlyClaimed)
  return end(ports, await living(ports, ask.token), {
    actor: { kind: 'system', id: 'operator', via: ask.via },
    data,
    kept,
    jobs: [{ task: 'token', token: ask.token, why: 'revoked', since: ports.clock().toISOString() }],
  })
}

async function end(
  ports: Ports,
  token: PersonalToken,
  by: {
    readonly actor: Actor
    readonly data?: JsonObject
    readonly kept?: ReturnType<typeof saidBy>['kept']
    readonly jobs?: NonNullable<Change['jobs']>
  },
): Promise<PersonalToken> {
  const { actor, data = {}, kept = {}, jobs = [] } = by
  const next = { ...token, version: token.version + 1, status: 'revoked' } as const
  const entry = newEntry(ports, {
    type: 'approver.revoked',
    actor,
    subject: { kind: 'token', id: token.id },
    data: { person: token.person, ...data },
    kept,
  })
  const committed = await ports.store.commit({
    personalTokens: [{ expected: token.version, next }],
    entries: [entry],
    jobs,
  })
  if (committed === 'applied') return next
  // It decided something in that moment; it ends all the same.
  const now = await living(ports, token.id)
  if (now.version === token.version) throw new Refusal('busy', 'the token could not be written')
  return end(ports, now, by)
}

async function ownKeysOf(ports: Ports, account: Account): Promise<readonly AccountKey[]> {
  const link = await linkOf(ports, account)
  const own = await ownAccountsOf(ports, ownPerson(link))
  return [...new Set([link.id, ...own.map((one) => one.id)])]
}

async function living({ store }: Ports, id: string): Promise<PersonalToken> {
  const token = await store.personalToken(id)
  if (token?.status !== 'active') throw new Refusal('not_applicable', 'no token of that id that lives')
  return token
}

function refuseDays(days: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= tokenDays.most) return
  throw new Refusal('invalid_request', 'a lifetime that a token cannot have', [
    { pointer: '/days', detail: `Name a whole number of days from 1 to ${tokenDays.most}.` },
  ])
}
