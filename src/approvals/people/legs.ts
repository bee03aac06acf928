import type { AccountKey } from '../../core/identity.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Leg, Source } from '../../core/requirement.ts'
import type { LinkRead } from '../change.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'
import { type Membership, membership } from './membership.ts'
import { OnCallFault } from './onCallFault.ts'

/**
 * Whether somebody is in a leg now, by an account of theirs. One set that says yes is enough; only all of them together say no.
 *
 * @throws DirectoryFault when none says yes and one could not be read
 */
export async function inLeg(
  ports: LegPorts,
  { from }: Pick<Leg, 'from'>,
  account: AccountKey,
): Promise<Membership> {
  let unread: DirectoryFault | null = null
  const links: LinkRead[] = []
  for (const source of from) {
    try {
      const found = await membership(ports, source, account)
      links.push(...found.links)
      if (found.isIn) return { isIn: true, links }
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      unread = fault
    }
  }
  if (unread) throw unread
  return { isIn: false, links }
}

type LegPorts = Pick<ReadPorts, 'directory' | 'store'>

/**
 * The legs somebody belongs to now. A set that cannot be read counts for nobody; if it might have mattered, that is said.
 *
 * @throws Refusal `identity_unknown`, `on_call_unknown`
 */
export async function legsOf(
  ports: LegPorts,
  legs: readonly Leg[],
  account: AccountKey,
): Promise<{ readonly legs: readonly string[]; readonly links: readonly LinkRead[] }> {
  const mine: string[] = []
  const links: LinkRead[] = []
  let unread: DirectoryFault | null = null
  for (const leg of legs) {
    try {
      const found = await inLeg(ports, leg, account)
      links.push(...found.links)
      if (found.isIn) mine.push(leg.name)
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      unread = fault
    }
  }
  if (mine.length === 0 && unread instanceof OnCallFault)
    throw new Refusal('on_call_unknown', unread.message, [{ pointer: '', detail: `${unread.why}.` }])
  if (mine.length === 0 && unread) throw new Refusal('identity_unknown', unread.message)
  return { legs: mine, links }
}

/** Whether somebody is in one of these sets now. @throws Refusal `identity_unknown` when a set that matters cannot be read */
export async function among(
  ports: LegPorts,
  sources: readonly Source[],
  account: AccountKey,
): Promise<Membership> {
  const { legs, links } = await legsOf(ports, [{ name: 'any', from: sources, count: 1 }], account)
  return { isIn: legs.length > 0, links }
}

/** The same where nothing is committed by it. @throws as `among` */
export async function isAmong(
  ports: LegPorts,
  sources: readonly Source[],
  account: AccountKey,
): Promise<boolean> {
  return (await among(ports, sources, account)).isIn
}
