import { type Confirmation, unanswered } from '../../core/confirmation.ts'
import type { Account, AccountKey } from '../../core/identity.ts'
import type { Ports } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { isFormerPerson, personLinked } from './currentPeople.ts'

/** One account of somebody, as far as it is known to be theirs. */
interface Identity {
  readonly account: AccountKey
  /** When last seen, for showing. */
  readonly name: string
  /** `claimed`: somebody has said that it is theirs, too, and not everybody has confirmed it. */
  readonly is: 'own' | 'claimed'
  /** Whether it was named where that was said. Whoever is told so learns nothing of other accounts of the same person. */
  readonly isNamed: boolean
  /** Identity providers at which the operator knows whoever has it. */
  readonly signsInAt: readonly string[]
}

/** Everything that counts as one person with an account for separation and quorum, and what waits to be confirmed about it. */
export interface Identities {
  readonly accounts: readonly Identity[]
  /** Newest first. */
  readonly waiting: readonly Confirmation[]
}

/** Who somebody is here. An account that nothing was done with yet stands for itself. */
export async function identitiesOf(
  ports: Pick<Ports, 'store' | 'identityProviders' | 'clock'>,
  { key, name }: Pick<Account, 'key' | 'name'>,
): Promise<Identities> {
  const link = await ports.store.account(key)
  const rows = link ? (await ports.store.accountsOf(link.person)).filter((row) => !isFormerPerson(row)) : []
  const about = link ? await ports.store.confirmationsAbout(personLinked(link)) : []
  const known: readonly Pick<LinkedAccount, 'id' | 'name' | 'claimedFrom'>[] =
    rows.length > 0 ? rows : [{ id: key, name, claimedFrom: null }]
  const now = ports.clock().toISOString()
  return {
    accounts: known.map((row) => ({
      account: row.id,
      name: row.name,
      is: row.claimedFrom === (link?.claimedFrom ?? null) ? 'own' : 'claimed',
      isNamed: about.some(
        ({ what, asked }) => what.kind === 'link' && asked.some(({ account }) => account === row.id),
      ),
      signsInAt: ports.identityProviders.knowing(row.id),
    })),
    waiting: about.filter(
      (one) =>
        one.what.kind === 'link' && one.state === 'waiting' && now < one.until && unanswered(one).length > 0,
    ),
  }
}
