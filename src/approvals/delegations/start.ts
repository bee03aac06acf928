import type { Account } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { type StaffFault, whyNotStaff } from '../../core/staff.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { newEntry } from '../newEntry.ts'
import { orRefuse } from '../people/askDirectory.ts'
import { ownPerson, personLinked } from '../people/currentPeople.ts'
import { accountOrNobody, humansAmong } from '../people/humans.ts'
import { linkOf } from '../people/identify.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { endedBy, endedEntry } from './end.ts'
import { newsJob } from './news.ts'
import { ofTheirs, standsFor } from './ofTheirs.ts'
import type { Delegation } from './records.ts'

/** Milliseconds: nobody is away for longer, so that what was forgotten ends by itself. */
export const longestAway = 30 * 86_400_000

export interface Started {
  readonly delegation: Delegation
  readonly coverage: Coverage
  /** What was in force for them before, and is over by it. */
  readonly replaced: readonly Delegation[]
  /** Those in whose place whoever goes away was told so far: they are told themselves again. */
  readonly givenBack: readonly Delegation[]
}

interface Ask {
  /** Whoever goes away, by an account that the channel has authenticated. */
  readonly account: Account
  readonly via: string
  /** The delegate, as the directory is asked: `slack:U012AB3CD`. */
  readonly to: string
  readonly until: Date
  readonly delivery: string
}

/**
 * Somebody goes away until a moment: one who is asked in the same sets is told in their place. What they may decide does not change by it,
 * nor what the delegate may: who that is, and whether they are in a set, is looked up again each time somebody is about to be told
 * (threats: delegate).
 *
 * @throws Refusal `not_staff`, `invalid_request` for the moment, `cannot_stand_in`, `directory_unavailable`, `busy`
 */
export async function startDelegation(ports: Ports, ask: Ask): Promise<Started> {
  const { account, via, until, delivery } = ask
  if (whyNotStaff(account)) throw new Refusal('not_staff', 'a delegation by somebody who is not staff')
  const now = ports.clock()
  refuseMoment(now, until)
  const away = await linkOf(ports, account)
  const delegate = await standIn(ports, away, ask.to)
  const standing = await ports.store.standingDelegations(now)
  if ((await ofTheirs(ports, standing, delegate.id)).length > 0)
    throw cannot('They are away themselves, and have somebody who is told in their place.')
  const coverage = await coverageOf(ports, { away: account.key, delegate: delegate.id })
  refuseUncovered(coverage)
  const before = await ports.store.delegation(account.key)
  const next: Delegation = {
    id: account.key,
    version: (before?.version ?? 0) + 1,
    delegation: ports.ids.next('dlg'),
    person: personLinked(away),
    delegate: delegate.id,
    delegatePerson: personLinked(delegate),
    startedAt: now.toISOString(),
    until: until.toISOString(),
    ended: null,
  }
  const replaced = await ofTheirs(ports, standing, account.key)
  const givenBack = await standsFor(ports, standing, account.key)
  const committed = await ports.store.commit({
    entries: entriesOf(ports, { next, replaced, account, via }),
    delegations: [
      { expected: before?.version ?? null, next },
      // By another account of theirs.
      ...replaced.filter(({ id }) => id !== next.id).map((one) => endedBy(one, 'person', next.startedAt)),
    ],
    jobs: jobsOf({ next, replaced, givenBack }),
    delivery,
  })
  if (committed === 'conflict') throw new Refusal('busy', 'another delegation of the account was written')
  // The same command, delivered once more: it stands as it was written.
  const known = committed === 'duplicate' ? await ports.store.delegation(account.key) : null
  return { delegation: known ?? next, coverage, replaced, givenBack }
}

function refuseMoment(now: Date, until: Date): void {
  const milliseconds = until.getTime() - now.getTime()
  if (milliseconds > 0 && milliseconds <= longestAway) return
  throw new Refusal('invalid_request', 'a moment until which nobody can be away', [
    { pointer: '/until', detail: 'Name a moment to come, at most 30 days from now.' },
  ])
}

/** The account that is told: a full member who is another human. */
async function standIn(ports: Ports, away: LinkedAccount, to: string): Promise<LinkedAccount> {
  const account = await orRefuse('directory_unavailable', () => accountOrNobody(ports.directory, to))
  if (!account) throw cannot('There is nobody of that name here.')
  const fault = whyNotStaff(account)
  if (fault) throw cannot(notStaff[fault])
  const delegate = await linkOf(ports, account)
  const people = [personLinked(away), personLinked(delegate)] as const
  const humans = await orRefuse('directory_unavailable', () => humansAmong(ports, people))
  if (ownPerson(away) === ownPerson(delegate) || humans.areOne(...people))
    throw cannot('That is you, or an account that counts as yours.')
  return delegate
}

const notStaff = {
  bot: 'That is an app, and only people decide.',
  deactivated: 'That account is deactivated.',
  guest: 'That is a guest, and only full members decide.',
  unlinked: 'That account is of another workspace, and linked to nobody in the first.',
  external: 'That is somebody of another organisation, and only members of this one decide.',
} as const satisfies Record<StaffFault, string>

/** Whoever shares no set can be asked for nothing that they could decide. What could not be read says nothing. */
function refuseUncovered({ covered, uncovered, unknown }: Coverage): void {
  if (covered.length > 0) return
  if (unknown.length > 0)
    throw new Refusal('directory_unavailable', 'no set could be read in which both are asked')
  throw cannot(
    uncovered.length > 0
      ? 'They are in none of the groups in which the policy asks you, so they could decide nothing in your place.'
      : 'The policy asks you nothing, so there is nothing to be told in your place.',
  )
}

function cannot(detail: string): Refusal {
  return new Refusal('cannot_stand_in', 'somebody who cannot be told in the place of another', [
    { pointer: '/to', detail },
  ])
}

function entriesOf(
  ports: Ports,
  by: Pick<Ask, 'account' | 'via'> & Pick<Started, 'replaced'> & { readonly next: Delegation },
): readonly NewEntry[] {
  const { next, replaced, account, via } = by
  const actor = { kind: 'person', id: next.person, account: account.key, via } as const
  const started = newEntry(ports, {
    type: 'delegation.started',
    actor,
    subject: { kind: 'person', id: next.person },
    data: {
      delegation: next.delegation,
      person: next.person,
      account: next.id,
      delegate: next.delegatePerson,
      delegate_account: next.delegate,
      until: next.until,
    },
    kept: { identity: { ...account } },
  })
  const ended = replaced.map((one) => endedEntry(ports, one, { actor, why: 'replaced', account }))
  return [...ended, started]
}

/** Whoever is concerned by it hears of it. */
function jobsOf(about: Pick<Started, 'replaced' | 'givenBack'> & { readonly next: Delegation }) {
  const { next, replaced, givenBack } = about
  const since = next.startedAt
  return [
    newsJob(next, { to: next.delegate, why: 'started', since }),
    ...replaced
      .filter(({ delegate }) => delegate !== next.delegate)
      .map((one) => newsJob(one, { to: one.delegate, why: 'ended', since })),
    ...givenBack.map((one) => newsJob(one, { to: one.id, why: 'delegate_away', since })),
  ]
}
