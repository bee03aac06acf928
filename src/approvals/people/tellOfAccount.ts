import type { AccountChange } from '../../card/accountChange.ts'
import { type Account, type AccountKey, samePerson } from '../../core/identity.ts'
import { auditorsOf } from '../../policy/auditors.ts'
import type { Job } from '../job.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { SeenAccount } from '../records.ts'
import { personLinked } from './currentPeople.ts'

interface Found {
  readonly key: AccountKey
  readonly what: AccountChange
  readonly other: AccountKey | null
  /** As the directory has it; null where it has another one. */
  readonly account: Account | null
  /** Names what was found: told once, by however many. */
  readonly name: string
}

/** Records what was found of an account, and tells those who look after security. */
export async function tellOfAccount(ports: Ports, { key, what, other, account, name }: Found): Promise<void> {
  const since = ports.clock().toISOString()
  const link = await ports.store.account(key)
  const entry = newEntry(ports, {
    type: 'account.changed',
    actor: { kind: 'system', id: 'directory', via: 'directory' },
    subject: { kind: 'person', id: link?.person ?? key },
    data: { account: key, what, other },
    ...(account && { kept: { identity: { ...account } } }),
  })
  const jobs = addresses(ports).map(
    (address): Job => ({ task: 'accountAlarm', account: key, what, other, since, address }),
  )
  await ports.store.commit({ entries: [entry], jobs, delivery: `account ${name} ${what}` })
}

/**
 * The same of each account of another person that has the address, too; resolves to how many those are. That somebody has an account in
 * each of two directories is nothing new when one of them is seen for the first time.
 */
export async function tellOfSharing(
  ports: Ports,
  {
    account,
    seen,
    isFirst,
  }: { readonly account: Account; readonly seen: SeenAccount; readonly isFirst: boolean },
): Promise<number> {
  const all = await sharing(ports, account, seen)
  const others = isFirst ? all.filter(({ id }) => homeOf(id) === homeOf(seen.id)) : all
  for (const { id, version } of others) {
    // Whichever of the two is looked at: one name.
    const name = [`${id} ${version}`, `${seen.id} ${seen.version}`].sort().join(' ')
    await tellOfAccount(ports, { key: seen.id, what: 'shared', other: id, account, name })
  }
  return others.length
}

async function sharing(
  { store }: Ports,
  { formerKeys = [] }: Account,
  { id, address }: SeenAccount,
): Promise<readonly SeenAccount[]> {
  if (address === null) return []
  const seen = (await store.seenWith(address, id)).filter((one) => !formerKeys.includes(one.id))
  const links = await store.accounts([id, ...seen.map((one) => one.id)])
  const personOf = (key: AccountKey) => {
    const link = links.find((row) => row.id === key)
    return link ? personLinked(link) : null
  }
  const mine = personOf(id)
  return seen.filter((one) => {
    const theirs = personOf(one.id)
    return !(mine && theirs && samePerson(mine, theirs))
  })
}

/** The directory that a key is of: all but its last part. */
function homeOf(key: AccountKey): string {
  return key.slice(0, key.lastIndexOf(':'))
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
