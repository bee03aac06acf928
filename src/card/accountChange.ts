import type { AccountKey } from '../core/identity.ts'
import type { Passage } from './passage.ts'
import { nothing, ours, outside, say, strong, type Text, warning } from './span.ts'

/**
 * What of an account is not as it was: its confirmed address; that this is another one's, too; that the directory has another account in its
 * place; that it is active again.
 */
export type AccountChange = 'address' | 'shared' | 'became' | 'returned'

/** An account as it is named to people. */
interface NamedAccount {
  readonly account: AccountKey
  readonly name: string
}

/** What was found, of which account; `other` is the one with the same address, or in its place. */
export interface ChangedAccount {
  readonly what: AccountChange
  readonly changed: NamedAccount
  readonly other: NamedAccount | null
}

interface AccountContent {
  readonly title: string
  readonly passages: readonly Passage[]
  /** For what shows no more than a line. */
  readonly notification: string
}

/** Characters of a name, and of a key. */
const longest = 80

/** For those who look after security: what was found, what follows from it by itself, and what they can do. */
export function accountChangeContent({ what, changed, other }: ChangedAccount): AccountContent {
  const title = 'An account is not as it was'
  return {
    title,
    passages: [
      { line: say`${warning} ${named(changed)} ${says(what, other)}` },
      { note: [ours(follows[what])] },
      {
        note: say`If that is not as it should be: countersign people show ${outside(changed.account, longest)}`,
      },
    ],
    notification: `${title}: ${short[what]}.`,
  }
}

function named({ name, account }: NamedAccount): Text {
  return say`${strong`${outside(name, longest)}`} (${outside(account, longest)})`
}

function says(what: AccountChange, other: NamedAccount | null): Text {
  switch (what) {
    case 'address':
      return say`has another confirmed e-mail address than before, or none any more.`
    case 'shared':
      return say`has the same confirmed e-mail address as ${other ? named(other) : nothing}, apart from capitals and a +tag.`
    case 'became':
      return say`is answered by the directory as another account: ${other ? named(other) : nothing}.`
    case 'returned':
      return say`was deactivated, and is active again.`
  }
}

const follows: Readonly<Record<AccountChange, string>> = {
  address:
    'Nothing follows an address: whatever the account had it has. But it counts as one person with other accounts by the new address only. Look whether it is still the same person’s.',
  shared:
    'They count as one person wherever that takes something away, and for nothing else. If they are one person’s, link them; if not, find out who took over whose address.',
  became:
    'Nothing of the one goes to the other: as long as they differ, the account can decide nothing and give nothing here. Find out whether the two were merged.',
  returned: 'It can do again what its groups and agents let it do. Look whether that was meant.',
}

const short: Readonly<Record<AccountChange, string>> = {
  address: 'another e-mail address',
  shared: 'the e-mail address of another account',
  became: 'another account in its place',
  returned: 'active again',
}
