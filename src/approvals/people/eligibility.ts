import { type Account, type AccountKey, type CurrentPerson, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { type ActionRequest, type CurrentRequest, effectiveLegs } from '../../core/request.ts'
import { roleBehind } from '../../core/separation.ts'
import { isDecidedElsewhere } from '../../core/set.ts'
import { refuseUnlessStaff } from '../../core/staff.ts'
import { endingOf } from '../../core/standing.ts'
import type { LinkRead } from '../change.ts'
import type { Duty } from '../onCall.ts'
import type { Ports } from '../ports.ts'
import { orRefuse, orUnknown } from './askDirectory.ts'
import { judgedPeople, ownAccountsOf, ownPerson, personLinked } from './currentPeople.ts'
import { humansAmong, type OneAddress } from './humans.ts'
import { linkOf } from './identify.ts'
import { among, legsOf } from './legs.ts'
import { ownBeside } from './membership.ts'

/** Somebody on the staff who is not behind a request. */
export interface Colleague {
  /** Who they are, as it is recorded. */
  readonly person: CurrentPerson
  readonly account: Account
  /** What was read of who is who to say so: the commit is conditional on it. */
  readonly links: readonly LinkRead[]
}

/** Somebody who may decide on a request now, and the legs they belong to. */
export interface Voter extends Colleague {
  readonly legs: readonly string[]
  /** The turns by which they belong to those legs, as far as it is by being on call. */
  readonly onCall: readonly Duty[]
}

/**
 * Who may decide (docs/threats.md#who-may-decide), freshly looked up and failing closed. Who a person is comes
 * first, then the rule that forbids self-approval, then whether they are asked at all, and last whether another account
 * of theirs stands in the way: that asks about others, so it is asked only of those who could decide. A decision that
 * does not count any more stands in nobody's way.
 *
 * @throws Refusal `decided_together`, `identity_unknown`, `on_call_unknown`, `not_staff`, `own_request`, `already_decided`, `not_in_leg`
 */
export async function mayDecide(ports: Ports, request: ActionRequest, account: AccountKey): Promise<Voter> {
  if (isDecidedElsewhere(request))
    throw new Refusal('decided_together', 'a vote on a declared rollback alone')
  const { current, judged, ...colleague } = await notBehind(ports, request, account)
  const decided = current.decisions
    .filter((one) => endingOf(current, one) === null)
    .map(({ person }) => person)
  if (decided.some((person) => samePerson(person, judged)))
    throw new Refusal('already_decided', 'the person has decided on this request')

  const { legs, links: more } = await legsOf(ports, effectiveLegs(request), colleague.account.key)
  if (legs.length === 0) throw new Refusal('not_in_leg', 'the account is in no leg')
  const links = await refuseTwin(
    ports,
    { judged, links: [...colleague.links, ...more] },
    { ...behindIn(current), already_decided: decided },
  )
  return {
    ...colleague,
    links,
    legs,
    onCall: await dutiesIn(ports, request, { legs, account: colleague.account.key }),
  }
}

/** Left out where it cannot be looked up again: what was judged stands. */
async function dutiesIn(
  ports: Ports,
  request: ActionRequest,
  by: { readonly legs: readonly string[]; readonly account: AccountKey },
): Promise<readonly Duty[]> {
  const sources = effectiveLegs(request).flatMap(({ name, from }) => (by.legs.includes(name) ? from : []))
  const sets = new Map(sources.flatMap((one) => (one.kind === 'oncall' ? [[one.address, one] as const] : [])))
  if (sets.size === 0) return []
  // Somebody may have their turn by another account than the one that they decide by.
  const beside = ports.directory.apart ? (await ownBeside(ports, by.account)).own.map(({ id }) => id) : []
  const found = await Promise.all(
    [...sets.values()].flatMap((one) =>
      [by.account, ...beside].map((key) => orUnknown(() => ports.onCall.duty(one, key))),
    ),
  )
  return found.flatMap((duty) => duty ?? [])
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
  const { current, judged, ...colleague } = await notBehind(ports, request, account)
  const who = request.requirement?.breakGlass?.who ?? []
  const path = await among(ports, who, colleague.account.key)
  if (!path.isIn) throw new Refusal('not_on_path', 'the account is not on the emergency path')
  const links = [...colleague.links, ...path.links]
  return { ...colleague, links: await refuseTwin(ports, { judged, links }, behindIn(current)) }
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
  const { current, judged, ...colleague } = await notBehind(ports, request, account)
  const { brokenGlass } = current
  if (brokenGlass && samePerson(brokenGlass.person, judged))
    throw new Refusal('own_break_glass', 'the person broke the glass')
  const who = request.requirement?.breakGlass?.who ?? []
  const reviewers = [...effectiveLegs(request).flatMap((leg) => leg.from), ...who]
  const asked = await among(ports, reviewers, colleague.account.key)
  if (!asked.isIn) throw new Refusal('not_in_leg', 'the account is in no leg and not on the emergency path')
  const links = [...colleague.links, ...asked.links]
  const others = { ...behindIn(current), own_break_glass: brokenGlass ? [brokenGlass.person] : [] }
  return { ...colleague, links: await refuseTwin(ports, { judged, links }, others) }
}

/**
 * Who may take an approval back: whoever gave it, also when they could not give it any more. Any account of theirs will do,
 * but not one that is only claimed to be theirs.
 *
 * @throws Refusal `identity_unknown`, `nothing_to_withdraw`
 */
export async function mayWithdraw(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<Colleague & { readonly approvals: readonly number[] }> {
  const facts = await orRefuse('identity_unknown', () => ports.directory.account(account))
  const link = await linkOf(ports, facts)
  const accounts = await ports.store.accounts(request.decisions.map((one) => one.account))
  const own = accounts.filter((one) => samePerson(ownPerson(one), ownPerson(link)))
  const approvals = request.decisions.flatMap((one, nth) =>
    one.kind === 'approve' && !one.ended && own.some(({ id }) => id === one.account) ? [nth] : [],
  )
  if (approvals.length === 0)
    throw new Refusal('nothing_to_withdraw', 'the person has no approval on this request that counts')
  const links = [link, ...own].map(({ id, version }) => ({ id, version }))
  return { person: personLinked(link), account: facts, links, approvals }
}

/** Who may take back what one person let through: that person, by any account. @throws Refusal as `mayWithdraw` */
export async function mayTakeBackGlass(
  ports: Ports,
  { brokenGlass }: ActionRequest,
  account: AccountKey,
): Promise<Colleague> {
  const facts = await orRefuse('identity_unknown', () => ports.directory.account(account))
  const link = await linkOf(ports, facts)
  const [theirs] = brokenGlass ? await ports.store.accounts([brokenGlass.account]) : []
  if (!theirs || !samePerson(ownPerson(theirs), ownPerson(link)))
    throw new Refusal('nothing_to_withdraw', 'somebody else let it through')
  const links = [link, theirs].map(({ id, version }) => ({ id, version }))
  return { person: personLinked(link), account: facts, links }
}

/**
 * Who may answer a question about a request: the person on whose behalf it was asked, by any account of theirs, but not one that is only
 * claimed to be theirs.
 *
 * @throws Refusal `identity_unknown`, `not_staff`, `not_asked`
 */
export async function mayAnswer(
  ports: Ports,
  request: ActionRequest,
  account: AccountKey,
): Promise<Colleague> {
  const facts = await orRefuse('identity_unknown', () => ports.directory.account(account))
  refuseUnlessStaff(facts)
  const link = await linkOf(ports, facts)
  const theirs = await ownAccountsOf(ports, request.initiator.person)
  if (!theirs.some(({ id }) => id === link.id))
    throw new Refusal('not_asked', 'somebody other than the initiator answers')
  const links = [link, ...theirs].map(({ id, version }) => ({ id, version }))
  return { person: personLinked(link), account: facts, links }
}

interface Identified extends Colleague {
  /** Who they count as in this request: whoever was parted since it was made is one person in it for good. */
  readonly judged: CurrentPerson
  /** With what others did as today's people, who may have turned out to be one. */
  readonly current: CurrentRequest
}

/** Staff, and not behind the action. */
async function notBehind(ports: Ports, request: ActionRequest, account: AccountKey): Promise<Identified> {
  const { facts, links } = await orRefuse('identity_unknown', () => factsOf(ports, account))
  refuseUnlessStaff(facts)
  const found = await identified(ports, request, facts)
  const role = roleBehind(found.judged, found.current.behind)
  if (role) throw new Refusal('own_request', `the person is behind the action as ${role}`)
  return { ...found, links: [...links, ...found.links] }
}

/**
 * What the directory says of an account, and where there are several, the rows by which it may count at all. They are read first: when they have
 * changed by the time it was judged by them, the commit finds that out.
 */
async function factsOf(ports: Ports, address: string) {
  const facts = await ports.directory.account(address)
  if (!ports.directory.apart) return { facts, links: [] }
  const { links } = await ownBeside(ports, facts.key)
  return { facts: await ports.directory.account(facts.key), links }
}

async function identified(ports: Ports, request: ActionRequest, account: Account): Promise<Identified> {
  const link = await linkOf(ports, account)
  const { id, version } = link
  const { current, links, today } = await judgedPeople(ports, request, [link.person])
  const judged = today(link.person)
  return { person: personLinked(link), judged, account, current, links: [...links, { id, version }] }
}

/** People by what it means to be one of them. */
type TwinCodes = Partial<
  Record<'own_request' | 'already_decided' | 'own_break_glass', readonly CurrentPerson[]>
>

function behindIn({ behind }: CurrentRequest): TwinCodes {
  return { own_request: behind.map(({ person }) => person) }
}

/**
 * Refuses whoever counts as one human with one of these people, and says by which accounts (threats: twin-accounts). Whose
 * X */
async function refuseTwin(
  ports: Ports,
  { judged: person, links }: Pick<Identified, 'judged' | 'links'>,
  others: TwinCodes,
): Promise<readonly LinkRead[]> {
  const people = Object.values(others).flat()
  if (people.length === 0) return links
  const humans = await orRefuse('identity_unknown', () => humansAmong(ports, [person, ...people]))
  for (const [code, among] of Object.entries(others) as [keyof TwinCodes, readonly CurrentPerson[]][]) {
    const twin = among.find((one) => humans.areOne(person, one))
    if (twin !== undefined) throw twinRefusal(code, humans.addressOf(person, twin))
  }
  return [...links, ...humans.links]
}

/** The addresses are for the person only: the record and the log name accounts. */
function twinRefusal(code: keyof TwinCodes, by: OneAddress | null): Refusal {
  if (!by) return new Refusal(code, 'the account counts as one person with another, by way of a third')
  const { mine, theirs } = by
  const detail = `Your account ${mine.email} counts as the same person as ${theirs.name} (${theirs.email}), because the addresses are equal.`
  return new Refusal(code, `${mine.key} and ${theirs.key} have equal addresses and count as one person`, [
    { pointer: '', detail },
  ])
}
