import { createHash } from 'node:crypto'
import type { AccountChange } from '../../card/accountChange.ts'
import type { Account, AccountKey } from '../../core/identity.ts'
import { plainAddress } from '../../core/plainAddress.ts'
import type { Job } from '../job.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import type { SeenAccount } from '../records.ts'
import { AnotherAccount } from './anotherAccount.ts'
import { accountOrNobody } from './humans.ts'
import { tellOfAccount, tellOfSharing } from './tellOfAccount.ts'

/**
 * Accounts of one look, and seconds: to the next look; until an account is looked at anew; until one is that the directory did not
 * answer about; until one is that seemed to have lost its address. However many accounts there are, no more are looked up in a minute.
 */
const pace = { accounts: 20, nextSeconds: 60, anewSeconds: 6 * 3_600, againSeconds: 300, doubtSeconds: 60 }

/** The first look of a process that starts. */
export const firstLook: Job = { task: 'lookAtAccounts' }

/**
 * Looks at those accounts whose turn it is. Whose turn that is stands with each account, so neither a process that starts nor an account that
 * nobody can look up keeps the others from having theirs. The next look is committed first, and comes whatever the directory does.
 */
export async function lookAtAccounts(ports: Ports): Promise<void> {
  await ports.store.commit({
    entries: [],
    jobs: [{ task: 'lookAtAccounts', at: inSeconds(ports, pace.nextSeconds) }],
  })
  const due = await ports.store.accountsToLookAt(ports.clock(), pace.accounts)
  for (const key of due) await lookAtAccount(ports, key, 'due')
}

/**
 * The same at once of one whom the channel told about: of somebody whom we know, or who is said to have the address of somebody whom we
 * know. What is said only makes us look: whoever changes their picture costs no more than a read of ours.
 */
export async function lookWhenTold(
  ports: Ports,
  key: AccountKey,
  said: { readonly email: string | null },
): Promise<void> {
  const { store } = ports
  const isKnown = (await store.seenAccount(key)) ?? (await store.account(key))
  if (isKnown || (said.email && (await store.seenWith(digestOf(said.email), key)).length > 0))
    await lookAtAccount(ports, key, 'told')
}

/**
 * Compares an account with what it was when it was last looked at, and has what is another thing now recorded and told, once, whoever finds
 * it. It decides nothing: who counts as whom is looked up at each moment of effect (threats: changed-address). Where the directory does not
 * answer nothing has changed.
 */
async function lookAtAccount(ports: Ports, key: AccountKey, why: 'due' | 'told'): Promise<void> {
  // Read before the directory is asked: an answer that another replica has overtaken is compared with what came before it, and not noted.
  const before = await ports.store.seenAccount(key)
  if (why === 'due' && !isDue(ports, before)) return
  const account = await known(ports, key)
  if (account === 'unknown') return lookLater(ports, key, { before, seconds: pace.againSeconds })
  if (account === null) return lookLater(ports, key, { before, seconds: pace.anewSeconds })
  if (account instanceof AnotherAccount) return noteBecome(ports, { key, before, other: account.found })
  if (account.key === key) return compare(ports, account, before)
  await lookLater(ports, key, { before, seconds: pace.anewSeconds })
  // It moved to another key, and names this one as its own of before.
  await compare(ports, account, await ports.store.seenAccount(account.key))
}

/** Null where the directory knows nobody. */
async function known(
  { directory }: Ports,
  key: AccountKey,
): Promise<Account | AnotherAccount | null | 'unknown'> {
  try {
    const found = await accountOrNobody(directory, key)
    const isOne = found === null || found.key === key || found.formerKeys?.includes(key)
    return isOne
      ? found
      : new AnotherAccount('another account in its place', { asked: key, found: found.key })
  } catch (fault) {
    if (fault instanceof AnotherAccount && fault.isAbout(key)) return fault
    if (fault instanceof DirectoryFault) return 'unknown'
    throw fault
  }
}

function isDue({ clock }: Pick<Ports, 'clock'>, seen: SeenAccount | null): boolean {
  return seen === null || seen.dueAt <= clock().toISOString()
}

async function compare(ports: Ports, account: Account, before: SeenAccount | null): Promise<void> {
  const { key } = account
  const seen = before ?? blank(key)
  const email = account.email === null ? null : digestOf(account.email)
  // Slack leaves out what a deactivated account no longer has.
  const address = account.active ? email : (email ?? seen.address)
  const isGone = address === null && seen.address !== null
  const isDoubtful = isGone && !(seen.doubted && isDue(ports, before))
  const next: SeenAccount = {
    ...seen,
    ...{ active: account.active, address: isDoubtful ? seen.address : address, other: null },
    ...{ doubted: isDoubtful, dueAt: nextTurn(ports, { seen, isDoubtful }) },
  }
  await note(ports, { account, before, next })
}

/** An address is gone when a second look says so, too: an answer that lacks one says little. No event puts that look off. */
function nextTurn(
  ports: Ports,
  { seen, isDoubtful }: { readonly seen: SeenAccount; readonly isDoubtful: boolean },
): string {
  if (isDoubtful && seen.doubted) return seen.dueAt
  return inSeconds(ports, isDoubtful ? pace.doubtSeconds : pace.anewSeconds)
}

interface Compared {
  readonly account: Account
  readonly before: SeenAccount | null
  readonly next: SeenAccount
}

async function note(ports: Ports, { account, before, next: seen }: Compared): Promise<void> {
  const next = before && isSame(before, seen) ? seen : { ...seen, version: (before?.version ?? 0) + 1 }
  const isBack = before !== null && !before.active && next.active
  const isAnother = next.address !== before?.address
  const found: AccountChange[] = isBack ? ['returned'] : []
  // Where somebody else has it, that is what is told.
  const sharing = async () =>
    next.active && (isAnother || isBack) ? tellOfSharing(ports, { account, seen: next, isFirst: !before }) : 0
  const shared = await sharing()
  if (before?.address && isAnother && shared === 0) found.push('address')
  for (const what of found)
    await tellOfAccount(ports, {
      key: next.id,
      what,
      other: null,
      account,
      name: `${next.id} ${next.version}`,
    })
  // Last: whoever dies before it finds the same again, and has told it under the same names.
  const isNoted = await ports.store.noteSeen({ expected: before?.version ?? null, next })
  if (isNoted)
    await sharing() // Of two that came to have one address at once, the one that is noted last finds the other.
  else if (before === null || next.version !== before.version) await lookSoon(ports, next.id)
}

function isSame(one: SeenAccount, other: SeenAccount): boolean {
  return one.address === other.address && one.active === other.active && one.other === other.other
}

/** The directory gives another account in place of this one. */
async function noteBecome(
  ports: Ports,
  {
    key,
    before,
    other,
  }: { readonly key: AccountKey; readonly before: SeenAccount | null; readonly other: AccountKey },
): Promise<void> {
  const dueAt = inSeconds(ports, pace.anewSeconds)
  const seen = before ?? blank(key)
  // Of a key that nobody has used we never knew which account it is.
  const isTold = before?.other === other || !(await ports.store.account(key))
  if (isTold) return before ? lookLater(ports, key, { before, seconds: pace.anewSeconds }) : undefined
  const next = { ...seen, other, dueAt, version: (before?.version ?? 0) + 1 }
  const name = `${key} ${next.version}`
  await tellOfAccount(ports, { key, what: 'became', other, account: null, name })
  if (!(await ports.store.noteSeen({ expected: before?.version ?? null, next }))) await lookSoon(ports, key)
}

/** Only when its turn comes changes; somebody else's word for it is as good. */
async function lookLater(
  ports: Ports,
  key: AccountKey,
  { before, seconds }: { readonly before: SeenAccount | null; readonly seconds: number },
): Promise<void> {
  const next = { ...(before ?? blank(key)), dueAt: inSeconds(ports, seconds) }
  await ports.store.noteSeen({ expected: before?.version ?? null, next })
}

/** Two found different things at once, and one of them is noted. */
async function lookSoon(ports: Ports, key: AccountKey): Promise<void> {
  const before = await ports.store.seenAccount(key)
  if (before) await lookLater(ports, key, { before, seconds: pace.doubtSeconds })
}

/** One that nobody has looked at yet: with nothing to compare it with, nothing of it has changed. */
function blank(id: AccountKey): SeenAccount {
  return { id, version: 1, address: null, active: true, other: null, doubted: false, dueAt: '' }
}

/** As addresses are compared: whoever can read it learns which accounts share one, and not which. */
function digestOf(email: string): string {
  return createHash('sha256').update(plainAddress(email)).digest('hex')
}

function inSeconds({ clock }: Pick<Ports, 'clock'>, seconds: number): string {
  return new Date(clock().getTime() + seconds * 1_000).toISOString()
}
