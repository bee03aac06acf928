import { type CurrentPerson, samePerson } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports, Put } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { formerPerson } from './currentPeople.ts'
import { type PersonClaim, personOf, resolveAccount } from './identify.ts'

/**
 * Says that two accounts belong to one human: the second one's person, with all accounts, becomes the first one's. From
 * then on nobody of them can decide on what another is behind, also in requests, agents and keys made before, and
 * together they fill one seat.
 *
 * @throws Refusal `unknown_person`, `directory_unavailable`, `wrong_state` when they are one person already, `busy`
 */
export async function linkAccounts(
  ports: Ports,
  ask: { readonly account: PersonClaim; readonly other: PersonClaim; readonly via: string },
): Promise<CurrentPerson> {
  const kept = await resolveAccount(ports, ask.account, '/account')
  const joining = await resolveAccount(ports, ask.other, '/other')
  const person = await personOf(ports, kept)
  const before = await personOf(ports, joining)
  if (samePerson(person, before))
    throw new Refusal('wrong_state', 'the accounts already belong to one person')

  const stays = await ports.store.accountsOf(person)
  const moves = await ports.store.accountsOf(before)
  const committed = await ports.store.commit({
    accounts: [
      // Those that stay are written too, so that two links at once cannot each move people to an id that the other gives up.
      ...stays.map((link) => moved(link, person)),
      ...moves.map((link) => moved(link, person)),
      { expected: null, next: { id: formerPerson(before), version: 1, person, name: joining.name } },
    ],
    entries: [
      newEntry(ports, {
        type: 'person.linked',
        actor: { kind: 'system', id: 'operator', via: ask.via },
        subject: { kind: 'person', id: person },
        data: { account: joining.key, from: before, to: person, accounts: moves.map((link) => link.id) },
        kept: { identity: [{ ...kept }, { ...joining }] },
      }),
    ],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the accounts changed while they were linked')
  return person
}

/** Earlier ids of the person that goes move along, so that no chain arises. */
function moved(link: LinkedAccount, person: CurrentPerson): Put<LinkedAccount> {
  return { expected: link.version, next: { ...link, version: link.version + 1, person } }
}
