import { createHash } from 'node:crypto'
import type { AccountChange } from '../../card/accountChange.ts'
import { type Account, type AccountKey, samePerson } from '../../core/identity.ts'
import { plainAddress } from '../../core/plainAddress.ts'
import { auditorsOf } from '../../policy/auditors.ts'
import type { Job } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import { DirectoryFault, type Ports } from '../ports.ts'
import type { LinkedAccount, SeenAccount } from '../records.ts'
import { personLinked } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'

/** Accounts of one look, seconds to the next one, and seconds until all are looked at anew: what no event told is found within that time. */
const pace = { accounts: 20, nextSeconds: 60, roundSeconds: 6 * 3_600 } as const

/** The first look of a process that starts. */
export const firstLook: Job = { task: 'lookAtAccounts' }

/**
 * Looks at some accounts of people whom we know; all of them in turn. The next look is committed first, so that it comes whatever the
 * directory does. Where that did not answer, the same accounts are looked at again instead.
 */
export async function lookAtAccounts(ports: Ports, { after }: { readonly after?: string }): Promise<void> {
  const some = await ports.store.accountsAfter(after ?? null, pace.accounts)
  const last = some.at(-1)
  const isMore = some.length === pace.accounts && last !== undefined
  await lookNext(
    ports,
    isMore ? { seconds: pace.nextSeconds, after: last.id } : { seconds: pace.roundSeconds },
  )
  let isKnown = true
  for (const { id } of some) isKnown = (await lookAtAccount(ports, id)) && isKnown
  if (!isKnown) await lookNext(ports, { seconds: pace.nextSeconds, ...(after !== undefined && { after }) })
}

async function lookNext(
  { store, clock }: Ports,
  { seconds, ...after }: { readonly seconds: number; readonly after?: string },
): Promise<void> {
  const at = new Date(clock().getTime() + seconds * 1_000).toISOString()
  await store.commit({ entries: [], jobs: [{ task: 'lookAtAccounts', at, ...after }] })
}

/** The same of somebody whom the channel told about: only of those whom we know; of somebody `joining`, whoever it is. */
export async function lookWhenTold(
  ports: Ports,
  key: AccountKey,
  { joining }: { readonly joining: boolean },
): Promise<void> {
  if (joining || (await ports.store.account(key))) await lookAtAccount(ports, key)
}

/**
 * Compares an account with what it was when it was last looked at. What is another thing now is recorded, and told to those who look after
 * security, once, whoever finds it: an address that changed, or that is another person's account's, too; an account that was deactivated and
 * is back. It decides nothing: who counts as whom is looked up at each moment of effect (threats: changed-address). Resolves to false when
 * the directory does not answer: that is no change.
 */
async function lookAtAccount(ports: Ports, key: AccountKey): Promise<boolean> {
  const account = await known(ports, key)
  if (account === 'unknown') return false
  if (account === null) return true
  const before = await ports.store.seenAccount(key)
  const next: SeenAccount = {
    id: key,
    version: (before?.version ?? 0) + 1,
    address: account.email === null ? null : digestOf(account.email),
    active: account.active,
  }
  if (before && before.address === next.address && before.active === next.active) return true
  const link = await ports.store.account(key)
  for (const found of await changesOf(ports, { link, before, next }))
    await tell(ports, found, { account, link, version: next.version, key })
  // Last: whoever dies before it finds the same again, and has told it under the same names.
  await ports.store.noteSeen({ expected: before?.version ?? null, next })
  return true
}

/** Null where the directory knows nobody. */
async function known({ directory }: Ports, key: AccountKey): Promise<Account | null | 'unknown'> {
  try {
    return await accountOrNobody(directory, key)
  } catch (fault) {
    if (fault instanceof DirectoryFault) return 'unknown'
    throw fault
  }
}

interface Looked {
  readonly link: LinkedAccount | null
  readonly before: SeenAccount | null
  readonly next: SeenAccount
}

interface Found {
  readonly what: AccountChange
  readonly other: AccountKey | null
}

async function changesOf(ports: Ports, { link, before, next }: Looked): Promise<readonly Found[]> {
  const isNew = next.address !== null && next.address !== before?.address
  const others = isNew ? await sharing(ports, next, link) : []
  return [
    ...(before?.address && before.address !== next.address
      ? [{ what: 'address', other: null } as const]
      : []),
    ...others.map((other) => ({ what: 'shared', other }) as const),
    ...(before && !before.active && next.active ? [{ what: 'returned', other: null } as const] : []),
  ]
}

/** Accounts of other people that had this address when they were last looked at. */
async function sharing(
  ports: Ports,
  { id, address }: SeenAccount,
  link: LinkedAccount | null,
): Promise<readonly AccountKey[]> {
  const seen = address === null ? [] : await ports.store.seenWith(address, id)
  const links = await ports.store.accounts(seen.map((one) => one.id))
  return seen.flatMap((one) => {
    const other = links.find((row) => row.id === one.id)
    const isTheirs = link && other && samePerson(personLinked(link), personLinked(other))
    return isTheirs ? [] : [one.id]
  })
}

/** As addresses are compared: whoever can read it learns which accounts share one, and not which. */
function digestOf(email: string): string {
  return createHash('sha256').update(plainAddress(email)).digest('hex')
}

async function tell(
  ports: Ports,
  { what, other }: Found,
  of: Pick<Looked, 'link'> & {
    readonly account: Account
    readonly key: AccountKey
    readonly version: number
  },
): Promise<void> {
  const { account, link, key, version } = of
  const since = ports.clock().toISOString()
  const entry = newEntry(ports, {
    type: 'account.changed',
    actor: { kind: 'system', id: 'directory', via: 'directory' },
    subject: { kind: 'person', id: link?.person ?? key },
    data: { account: key, what, other },
    kept: { identity: { ...account } },
  })
  const jobs = addresses(ports).map(
    (address): Job => ({ task: 'accountAlarm', account: key, what, other, since, address }),
  )
  await ports.store.commit({ entries: [entry], jobs, delivery: `account ${key} ${version} ${what} ${other}` })
}

/** As many as are told: an alarm is for those who can do something about it. */
const mostTold = 12

/** Those whom the policy wants to hear of emergencies; where it names nobody, those whom it trusts with everything. */
function addresses({ policy }: Pick<Ports, 'policy'>): readonly string[] {
  const bundle = policy()
  if (!bundle) return []
  const alarms = bundle.rules.flatMap(({ breakGlass }) => breakGlass?.notify ?? [])
  const trusted = [...auditorsOf(bundle), ...bundle.stop.who.flatMap((name) => bundle.people.get(name) ?? [])]
  const all = alarms.length > 0 ? alarms : trusted.map(({ address }) => address)
  return [...new Set(all)].slice(0, mostTold)
}
