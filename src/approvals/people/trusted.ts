import type { Account } from '../../core/identity.ts'
import { auditorsOf } from '../../policy/auditors.ts'
import type { Ports } from '../ports.ts'
import { isAmong } from './legs.ts'

/**
 * Whether the active policy trusts somebody with what is about everybody: as an auditor, or to stop whatever there is.
 *
 * @throws Refusal `identity_unknown` when that cannot be found out
 */
export async function isTrustedWithAll(ports: Ports, { key }: Account): Promise<boolean> {
  const bundle = ports.policy()
  if (bundle === null) return false
  const stoppers = bundle.stop.who.flatMap((name) => bundle.people.get(name) ?? [])
  return isAmong(ports, [...auditorsOf(bundle), ...stoppers], key)
}
