import type { AccountKey, PersonId } from '../../core/identity.ts'
import { ownAccountsOf } from '../people/currentPeople.ts'
import type { ReadPorts } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'

/** The active policy, and how it came to be active. */
export interface PolicyNow {
  readonly version: PolicyVersion
  /** Null where this version of Countersign cannot load it: then nothing is judged. */
  readonly rules: number | null
  /** Null where its activation lies too far back to be looked for. */
  readonly activation: Activation | null
}

interface Activation {
  /** RFC 3339. */
  readonly at: string
  /** Who wanted it: a person's account, or a word for what we did by ourselves, such as `startup`. */
  readonly by: Whoever
  readonly approvedBy: readonly Whoever[]
  /** Whoever let it through alone, in an emergency. */
  readonly brokenGlass: Whoever | null
  /** The request that people decided; null where nobody had to. */
  readonly request: string | null
}

/** An account of theirs with its name; the id alone where no account is known. */
export interface Whoever {
  readonly id: string
  readonly account: AccountKey | null
}

/** So many of the newest entries about policies are looked through for the activation. */
const mostEntries = 200

/** Null when no policy was ever activated. */
export async function policyNow(ports: Pick<ReadPorts, 'store' | 'policy'>): Promise<PolicyNow | null> {
  const version = await ports.store.activePolicy()
  if (!version) return null
  const bundle = ports.policy()
  const rules = bundle?.digest === version.digest ? bundle.rules.length : null
  return { version, rules, activation: await activationOf(ports, version) }
}

async function activationOf(
  ports: Pick<ReadPorts, 'store'>,
  { filesDigest }: PolicyVersion,
): Promise<Activation | null> {
  const entries = await ports.store.policyEntries(mostEntries)
  for (const { type, ts, data, request } of entries) {
    // As activatePolicy.ts wrote them.
    const { files_digest, by, approved_by, broken_glass } = data
    if (type !== 'policy.activated' || files_digest !== filesDigest || typeof by !== 'string') continue
    const approved = Array.isArray(approved_by) ? approved_by.filter((id) => typeof id === 'string') : []
    const broken = typeof broken_glass === 'string' ? broken_glass : null
    const name = await namesOf(ports, [by, ...approved, ...(broken === null ? [] : [broken])])
    return {
      at: ts,
      by: name(by),
      approvedBy: approved.map(name),
      brokenGlass: broken === null ? null : name(broken),
      request,
    }
  }
  return null
}

async function namesOf(
  ports: Pick<ReadPorts, 'store'>,
  ids: readonly PersonId[],
): Promise<(id: PersonId) => Whoever> {
  const people = ids.filter((id) => id.startsWith('per_'))
  // Nobody is named for what another account did before it was said to be theirs.
  const known = await Promise.all(
    people.map(async (id) => [id, (await ownAccountsOf(ports, id))[0]] as const),
  )
  const accounts = new Map(known)
  return (id) => ({ id, account: accounts.get(id)?.id ?? null })
}
