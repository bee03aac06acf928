import { type Account, type AccountKey, type CurrentPerson, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import {
  type ActionRequest,
  type CurrentRequest,
  effectiveLegs,
  type Leg,
  type Source,
} from '../../core/request.ts'
import { roleBehind } from '../../core/separation.ts'
import { whyNotStaff } from '../../core/staff.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import { withCurrentPeople } from './currentPeople.ts'
import { personOf } from './identify.ts'

/** Somebody on the staff who is not behind a request. */
export interface Colleague {
  readonly person: CurrentPerson
  readonly account: Account
}

/** Somebody who may decide on a request now, and the legs they belong to. */
export interface Voter extends Colleague {
  readonly legs: readonly string[]
}

/**
 * Who may decide (docs/threats.md#who-may-decide), freshly looked up and failing closed. Who a person is comes
 * first, then the rule that forbids self-approval, then whether they are asked at all.
 *
 * @throws Refusal `identity_unknown`, `not_staff`, `own_request`, `already_decided`, `not_in_leg`
 */
export async function mayDecide(ports: Ports, request: ActionRequest, account: AccountKey): Promise<Voter> {
  const { decisions, ...colleague } = await notBehind(ports, request, account)
  if (decisions.some((decision) => samePerson(decision.person, colleague.person)))
    throw new Refusal('already_decided', 'the person has decided on this request')

  const legs = await legsOf(ports, effectiveLegs(request), colleague.account.key)
  if (legs.length === 0) throw new Refusal('not_in_leg', 'the account is in no leg')
  return { person: colleague.person, account: colleague.account, legs }
}

/**
 * Who may break the glass: the same checks, and then the people of the emergency path instead of the legs. An earlier
 * decision does not stand in the way.
 *
 * @throws Refusal `identity_unknown`, `not_staff`, `own_request`, `not_on_path`
 */
export async function mayBreakGlass(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<Colleague> {
  const colleague = await notBehind(ports, request, account)
  const who = request.requirement?.breakGlass?.who ?? []
  if (!(await isAmong(ports, who, colleague.account.key)))
    throw new Refusal('not_on_path', 'the account is not on the emergency path')
  return colleague
}

/**
 * Who may close the review of a broken glass: somebody who was asked or could have broken it, but did not. Compares
 * people, so a second account of whoever did is of no use.
 *
 * @throws Refusal `identity_unknown`, `not_staff`, `own_request`, `own_break_glass`, `not_in_leg`
 */
export async function mayCloseReview(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<Colleague> {
  const { brokenGlass, ...colleague } = await notBehind(ports, request, account)
  if (brokenGlass && samePerson(brokenGlass.person, colleague.person))
    throw new Refusal('own_break_glass', 'the person broke the glass')
  const who = request.requirement?.breakGlass?.who ?? []
  const reviewers = [...effectiveLegs(request).flatMap((leg) => leg.from), ...who]
  if (!(await isAmong(ports, reviewers, colleague.account.key)))
    throw new Refusal('not_in_leg', 'the account is in no leg and not on the emergency path')
  return colleague
}

/** Whether an account is in one of these sets now. @throws Refusal `identity_unknown` when a set that matters cannot be read */
export async function isAmong(
  ports: Ports,
  sources: readonly Source[],
  account: AccountKey,
): Promise<boolean> {
  const found = await legsOf(ports, [{ name: 'any', from: sources, count: 1 }], account)
  return found.length > 0
}

/** Staff, and not behind the action; with what others did as today's people, who may have turned out to be one. */
async function notBehind(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<Colleague & Pick<CurrentRequest, 'decisions' | 'brokenGlass'>> {
  const facts = await lookUp(() => ports.directory.account(account))
  const fault = whyNotStaff(facts)
  if (fault) throw new Refusal('not_staff', `the account is not staff: ${fault}`)

  const [person, current] = await Promise.all([personOf(ports, facts), withCurrentPeople(ports, request)])
  const role = roleBehind(person, current.behind)
  if (role) throw new Refusal('own_request', `the person is behind the action as ${role}`)
  const { decisions, brokenGlass } = current
  return { person, account: facts, decisions, brokenGlass }
}

/** The legs an account belongs to now. A set that cannot be read counts for nobody; if it might have mattered, that is said. */
async function legsOf(ports: Ports, legs: readonly Leg[], account: AccountKey): Promise<readonly string[]> {
  const mine: string[] = []
  let unread: DirectoryFault | null = null
  for (const leg of legs) {
    for (const source of leg.from) {
      try {
        if (!(await ports.directory.isMember(source, account))) continue
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
