import type { AccountKey } from '../../core/identity.ts'
import type { Source } from '../../core/requirement.ts'
import { whyNotStaff } from '../../core/staff.ts'
import type { LinkRead } from '../change.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'
import { isFormerPerson } from './currentPeople.ts'
import { accountOrNobody } from './humans.ts'

/** Whether somebody is in a set, and what was read of who is who to say so: a commit that is judged by it names that. */
export interface Membership {
  readonly isIn: boolean
  readonly links: readonly LinkRead[]
}

type MemberPorts = {
  readonly directory: ReadPorts['directory']
  readonly store: Pick<ReadPorts['store'], 'account' | 'accountsOf'>
}

/**
 * Whether whoever has an account is in a set now. In a set of the account's own directory they are by that account alone. In one of another directory
 * they are by an account there that is theirs with both sides' word and on the staff: a link that is only claimed gives nothing, and neither
 * does an account that was deactivated, or is a guest's (threats: twin-accounts).
 *
 * @throws DirectoryFault when it cannot be known
 */
export async function membership(
  ports: MemberPorts,
  source: Source,
  account: AccountKey,
): Promise<Membership> {
  const { directory } = ports
  const isIn = isApart(directory, source, account) ? false : await directory.isMember(source, account)
  if (isIn || !mayBeByAnother(directory, source, account)) return { isIn, links: [] }
  const { own, links } = await ownBeside(ports, account)
  let unread: DirectoryFault | null = null
  for (const { id } of own) {
    if (isApart(directory, source, id)) continue
    try {
      if (await isStaffIn(directory, source, id)) return { isIn: true, links }
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      unread = fault
    }
  }
  if (unread) throw unread
  return { isIn: false, links }
}

/** The accounts of whoever has this one, beyond a claim, without it. */
export async function ownBeside(
  { store }: Pick<MemberPorts, 'store'>,
  account: AccountKey,
): Promise<{ readonly own: readonly LinkedAccount[]; readonly links: readonly LinkRead[] }> {
  const link = await store.account(account)
  if (!link) return { own: [], links: [] }
  const rows = await store.accountsOf(link.person)
  const own = rows.filter(
    (one) => !isFormerPerson(one) && one.id !== account && one.claimedFrom === link.claimedFrom,
  )
  return { own, links: [link, ...rows].map(({ id, version }) => ({ id, version })) }
}

/** Whoever is on call may be so by an account that is in another directory than the group around it. */
function mayBeByAnother(directory: MemberPorts['directory'], source: Source, account: AccountKey): boolean {
  return source.kind === 'oncall' ? directory.apart !== undefined : isApart(directory, source, account)
}

function isApart({ apart }: MemberPorts['directory'], source: Source, account: AccountKey): boolean {
  return source.kind === 'oncall' ? false : (apart?.(source.address, account) ?? false)
}

async function isStaffIn(
  directory: MemberPorts['directory'],
  source: Source,
  key: AccountKey,
): Promise<boolean> {
  const found = await accountOrNobody(directory, key)
  return found !== null && whyNotStaff(found) === null && (await directory.isMember(source, found.key))
}
