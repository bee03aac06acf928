import type { PersonId } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import { type PersonClaim, personOf, resolveClaim } from './identify.ts'
import { writeLine } from './line.ts'
import type { Ports } from './ports.ts'

/**
 * Says that two accounts belong to one human: the second joins the first one's person. From then on neither can decide
 * on what the other is behind, and together they fill one seat. Requests made before keep the people they were made with.
 *
 * @throws Refusal `unknown_person`, `directory_unavailable`, `wrong_state` when they are one person already, `busy`
 */
export async function linkAccounts(
  ports: Ports,
  ask: { readonly account: PersonClaim; readonly other: PersonClaim; readonly via: string },
): Promise<PersonId> {
  const kept = await resolveClaim(ports, ask.account, '/account')
  const joining = await resolveClaim(ports, ask.other, '/other')
  const person = await personOf(ports, kept)
  const before = await personOf(ports, joining)
  if (person === before) throw new Refusal('wrong_state', 'the accounts belong to one person already')
  const link = await ports.store.account(joining.key)
  if (!link) throw new Refusal('busy', 'the account vanished while it was linked')
  const committed = await ports.store.commit({
    accounts: [
      { expected: link.version, next: { ...link, version: link.version + 1, person, name: joining.name } },
    ],
    lines: [
      writeLine(ports, {
        type: 'person.linked',
        actor: { kind: 'system', id: 'operator', via: ask.via },
        subject: { kind: 'person', id: person },
        data: { account: joining.key, from: before, to: person },
        kept: { identity: [{ ...kept }, { ...joining }] },
      }),
    ],
  })
  if (committed !== 'applied') throw new Refusal('busy', 'the account changed while it was linked')
  return person
}
