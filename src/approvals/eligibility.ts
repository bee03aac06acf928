import type { Account, AccountKey, PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest, Leg } from '../core/request.ts'
import { roleBehind } from '../core/separation.ts'
import { whyNotStaff } from '../core/staff.ts'
import { personOf } from './identify.ts'
import { withCurrentPeople } from './people.ts'
import { DirectoryFault, type Ports } from './ports.ts'

/** Somebody who may decide on a request now, and the legs they belong to. */
export interface Voter {
  readonly person: PersonId
  readonly account: Account
  readonly legs: readonly string[]
}

/**
 * Who may decide: architecture section 6, in its order, freshly looked up and failing closed. Who a person is comes
 * first, then the rule that forbids self-approval, then whether they are asked at all.
 *
 * @throws Refusal `identity_unknown`, `not_staff`, `own_request`, `already_decided`, `not_in_leg`
 */
export async function mayDecide(ports: Ports, request: ActionRequest, account: AccountKey): Promise<Voter> {
  const facts = await lookUp(() => ports.directory.account(account))
  const fault = whyNotStaff(facts)
  if (fault) throw new Refusal('not_staff', `the account is not staff: ${fault}`)

  const [person, { behind, decisions }] = await Promise.all([
    personOf(ports, facts),
    withCurrentPeople(ports, request),
  ])
  const role = roleBehind(person, behind)
  if (role) throw new Refusal('own_request', `the person is behind the action as ${role}`)
  if (decisions.some((decision) => decision.person === person))
    throw new Refusal('already_decided', 'the person has decided on this request')

  const legs = await legsOf(ports, request.requirement?.legs ?? [], facts.key)
  if (legs.length === 0) throw new Refusal('not_in_leg', 'the account is in no leg')
  return { person, account: facts, legs }
}

/** The legs an account belongs to now. A set that cannot be read counts for nobody; if it might have mattered, that is said. */
export async function legsOf(
  ports: Ports,
  legs: readonly Leg[],
  account: AccountKey,
): Promise<readonly string[]> {
  const mine: string[] = []
  let unread: DirectoryFault | null = null
  for (const leg of legs) {
    for (const source of leg.from) {
      try {
        const members = await ports.directory.members(source)
        if (!members.includes(account)) continue
        mine.push(leg.name)
        break
      } catch (fault) {
        if (!(fault instanceof DirectoryFault)) throw fault
        unread = fault
      }
    }
  }
  if (mine.length === 0 && unread) throw new Refusal('identity_unknown', unread.message)
  return mine
}

async function lookUp<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (fault) {
    if (fault instanceof DirectoryFault) throw new Refusal('identity_unknown', fault.message)
    throw fault
  }
}
