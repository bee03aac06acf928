import type { Confirmation } from '../../core/confirmation.ts'
import { type Account, type CurrentPerson, type PersonId, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Actor } from '../../ledger/entry.ts'
import type { Put } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { doneBefore } from './agents.ts'
import { asking, newConfirmation } from './askToConfirm.ts'
import { cardsOf } from './cardsOf.ts'
import { askedAnew } from './confirmAgain.ts'
import { formerIdsIn, formerPerson, personLinked } from './currentPeople.ts'
import { linkOf, type PersonClaim, resolveAccount } from './identify.ts'
import { onlyClaimed, saidBy, type Word } from './word.ts'

/**
 * Says that two accounts belong to one human: the second one's person, with all accounts, becomes the first one's. From
 * then on nobody of them can decide on what another is behind, also in requests, agents and keys made before, and
 * together they fill one seat. That only takes away, so it holds at once; whatever one account gives the other gains by
 * it when both have confirmed it, where they can be asked (threats: claimed-administrator). Said again, it asks again
 * those whose time was over.
 *
 * @throws Refusal `unknown_person`, `directory_unavailable`, `wrong_state` when they are one person already, `busy`
 */
export async function linkAccounts(
  ports: Ports,
  ask: Word & { readonly account: PersonClaim; readonly other: PersonClaim },
): Promise<CurrentPerson> {
  const kept = await resolveAccount(ports, ask.account, '/account')
  const joining = await resolveAccount(ports, ask.other, '/other')
  const [link, other] = [await linkOf(ports, kept), await linkOf(ports, joining)]
  const [person, before] = [personLinked(link), personLinked(other)]
  if (samePerson(person, before)) return askedAgain(ports, ask, { person, links: [link, other] })

  const question = ports.confirms ? newQuestion(ports, ask, { kept, joining, person, before }) : null
  await join(ports, ask, { kept, joining, person, before, question })
  return person
}

/** The accounts of the second one's person become the first one's, and whoever is asked about it is asked. @throws Refusal `busy` */
export async function join(
  ports: Ports,
  word: Word,
  { kept, joining, person, before, question }: Joining & { readonly question: Confirmation | null },
): Promise<void> {
  const claimedFrom = question ? before : null
  const stays = await ports.store.accountsOf(person)
  const moves = await ports.store.accountsOf(before)
  const said = saidBy(word, { ...onlyClaimed, confirmation: question })
  const asked = question ? asking(ports, question) : { entries: [], jobs: [] }
  const cards = await cardsOf(ports, [person, before, ...formerIdsIn([...stays, ...moves])])
  const committed = await ports.store.commit({
    ...asked,
    ...(word.themselves && { delivery: word.themselves.delivery }),
    jobs: [...asked.jobs, ...cards],
    accounts: [
      // Those that stay are written too, so that two links at once cannot each move people to an id that the other gives up.
      ...stays.map((one) => ({ expected: one.version, next: { ...one, version: one.version + 1 } })),
      ...moves.map((one) => moved(one, { person, before, claimedFrom })),
      ...givenUp(moves, { person, before, claimedFrom, name: joining.name }),
    ],
    entries: [
      newEntry(ports, {
        type: 'person.linked',
        actor: actorOf(word),
        subject: { kind: 'person', id: person },
        data: {
          account: joining.key,
          from: before,
          to: person,
          accounts: moves.map(({ id }) => id),
          ...said.data,
        },
        kept: { identity: [{ ...kept }, { ...joining }], ...said.kept },
      }),
      ...asked.entries,
    ],
  })
  if (committed === 'duplicate') throw doneBefore()
  if (committed !== 'applied') throw new Refusal('busy', 'the accounts changed while they were linked')
}

function actorOf({ via, themselves }: Word): Actor {
  if (!themselves) return { kind: 'system', id: 'operator', via }
  return { kind: 'person', id: themselves.person, account: themselves.account.key, via }
}

/** Who is asked: the accounts, and whose they were when it was said. */
interface Asking extends Pick<Joining, 'kept' | 'joining'> {
  readonly person: PersonId
  readonly before: PersonId
}

export interface Joining {
  readonly kept: Account
  readonly joining: Account
  readonly person: CurrentPerson
  readonly before: CurrentPerson
}

export function newQuestion(
  ports: Ports,
  word: Word,
  { kept, joining, person, before }: Asking,
): Confirmation {
  const what = { kind: 'link', from: before, to: person } as const
  return newConfirmation(ports, what, {
    word,
    asked: [
      { person, account: kept, as: 'account' },
      { person: before, account: joining, as: 'account' },
    ],
  })
}

/** Earlier ids of the person that goes move along, so that no chain arises. What was only claimed before stays so. */
function moved(
  link: LinkedAccount,
  to: Pick<Joining, 'person' | 'before'> & Pick<LinkedAccount, 'claimedFrom'>,
): Put<LinkedAccount> {
  const next = {
    ...link,
    version: link.version + 1,
    person: to.person,
    claimedFrom: link.claimedFrom ?? to.claimedFrom,
    joined: [...link.joined, to.before],
  }
  return { expected: link.version, next }
}

/** The row of the id that is given up; one that was parted from somebody before has it already. */
function givenUp(
  moves: readonly LinkedAccount[],
  given: Pick<Joining, 'person' | 'before'> & Pick<LinkedAccount, 'claimedFrom' | 'name'>,
): readonly Put<LinkedAccount>[] {
  const { before, ...rest } = given
  const id = formerPerson(before)
  return moves.some((link) => link.id === id)
    ? []
    : [{ expected: null, next: { id, version: 1, joined: [before], parted: [], ...rest } }]
}

/** They are one person already; where that is only claimed, and the time of the question is over, it is asked anew. */
async function askedAgain(
  ports: Ports,
  word: Word,
  { person, links }: { readonly person: CurrentPerson; readonly links: readonly LinkedAccount[] },
): Promise<CurrentPerson> {
  const claimed = links.flatMap(({ claimedFrom }) => claimedFrom ?? [])
  const about = await ports.store.confirmationsAbout(person)
  const newest = about.find(({ what }) => what.kind === 'link' && claimed.includes(what.from))
  if (!ports.confirms || !newest || newest.state === 'confirmed')
    throw new Refusal('not_applicable', 'the accounts belong to one person already')
  await askedAnew(ports, newest, word)
  return person
}
