import type { Account, CurrentPerson } from '../../core/identity.ts'
import { type Problem, Refusal } from '../../core/refusal.ts'
import { type StaffFault, whyNotStaff, whyNotStaffOnceLinked } from '../../core/staff.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { orRefuse } from './askDirectory.ts'
import { newPerson, personLinked } from './currentPeople.ts'

/** How somebody is named from outside: one of an e-mail address or a directory address such as `slack:U012AB3CD`. */
export type PersonClaim =
  | { readonly email: string }
  /** `by`: the property of the API that named it; left out for the usual one. */
  | { readonly address: string; readonly by?: 'entra_user_id' }

/** The same of an initiator, who may also be named by what an identity provider has signed. */
export type InitiatorClaim = PersonClaim | { readonly idToken: string }

/**
 * The person an account belongs to. An account seen for the first time becomes a person of its own, unless it was known
 * under an earlier key: then it is still the same person, who stays behind what they asked for.
 */
export async function personOf(ports: Ports, account: Account): Promise<CurrentPerson> {
  return personLinked(await linkOf(ports, account))
}

/** The row that says so. */
export async function linkOf(ports: Ports, account: Account): Promise<LinkedAccount> {
  const known = await ports.store.account(account.key)
  if (known) return known
  const [before] = account.formerKeys?.length ? await ports.store.accounts(account.formerKeys) : []
  const person = before ? personLinked(before) : newPerson(ports)
  const added = newEntry(ports, {
    type: 'person.added',
    actor: { kind: 'system', id: 'directory', via: 'directory' },
    subject: { kind: 'person', id: person },
    data: { account: account.key },
    kept: { identity: { ...account } },
  })
  const link: LinkedAccount = {
    id: account.key,
    version: 1,
    person,
    name: account.name,
    claimedFrom: before?.claimedFrom ?? null,
    joined: before?.joined ?? [],
    parted: [],
  }
  const committed = await ports.store.commit({
    accounts: [{ expected: null, next: link }],
    entries: [added],
  })
  if (committed === 'applied') return link
  const winner = await ports.store.account(account.key)
  if (!winner) throw new Refusal('busy', 'account vanished while it was added')
  return winner
}

/**
 * Exactly one full member for a claim: nobody acts for a guest or a stranger, and nobody like that owns an agent.
 *
 * @throws Refusal `unknown_person` with the pointer, `directory_unavailable`
 */
export async function resolveClaim(ports: Ports, claim: PersonClaim, pointer: string): Promise<Account> {
  return orNotStaff(await resolveAccount(ports, claim, pointer), pointer, whyNotStaff)
}

/** The same of an account that is to be linked: in another workspace than the first it is nobody's yet. @throws as `resolveClaim` */
export async function resolveToLink(ports: Ports, claim: PersonClaim, pointer: string): Promise<Account> {
  return orNotStaff(await resolveAccount(ports, claim, pointer), pointer, whyNotStaffOnceLinked)
}

function orNotStaff(account: Account, pointer: string, faultOf: typeof whyNotStaff): Account {
  const fault = faultOf(account)
  if (fault)
    throw unknownPerson(`a claim names an account that is not staff: ${fault}`, {
      pointer,
      detail: notStaff[fault],
    })
  return account
}

const notStaff = {
  bot: 'The account is a bot: name a person.',
  deactivated: 'The account is deactivated: name somebody who is active in the workspace.',
  guest: 'The account is a guest of the workspace: name a full member.',
  unlinked:
    'The account is of another workspace than the first and linked to nobody: give their account in the first one, or link the two (`/approvals link` there, with the address of this one).',
  external: 'The account belongs to another organisation: name a full member of this workspace.',
} as const satisfies Record<StaffFault, string>

/**
 * Exactly one active account for a claim, or a refusal that never falls back to a weaker match (threats: ambiguous-person).
 * It may be a guest's.
 *
 * @throws Refusal `unknown_person` with the pointer, `directory_unavailable`
 */
export async function resolveAccount(ports: Ports, claim: PersonClaim, pointer: string): Promise<Account> {
  const found = await orRefuse('directory_unavailable', () => ports.directory.find(claim))
  const [only] = found
  if (only && found.length === 1) return only
  const detail =
    found.length > 1
      ? 'More than one active account matches: give the id of the account.'
      : 'No active account matches: check how it is spelt, whether this person is active in the workspace, and whether they have confirmed the address.'
  throw unknownPerson(`${found.length} accounts match a claim`, { pointer, detail })
}

function unknownPerson(detail: string, problem: Problem): Refusal {
  return new Refusal('unknown_person', detail, [problem])
}
