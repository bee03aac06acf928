import type { CurrentPerson } from '../../core/identity.ts'
import type { Bundle } from '../../policy/bundle.ts'
import { bundleLimits } from '../../policy/limits.ts'
import { namesInUse } from '../../policyTools/lint/emptySets.ts'
import type { Members } from '../../policyTools/lint/unsatisfiable.ts'
import { staffAmong } from '../people/satisfiable.ts'
import { DirectoryFault, type ReadPorts } from '../ports.ts'

/** More than any requirement has seats, and two to spare: beyond that, how many there are makes no difference. */
const enough = bundleLimits.seats + 2

/**
 * Who could agree now, for every name that the bundle uses: staff only, people rather than accounts, by the directory
 * that judges clicks. Of a large group, only as many are looked at as could matter.
 *
 * @throws DirectoryFault when anything could not be looked up, naming all of it: half an answer would look like a whole one
 */
export async function membersNow(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  bundle: Bundle,
): Promise<{ readonly members: Members; readonly names: number }> {
  const names = namesInUse(bundle)
  const found = new Map<string, readonly CurrentPerson[]>()
  const faults: string[] = []
  for (const name of names) {
    const source = bundle.people.get(name)
    if (source === undefined || found.has(source.address)) continue
    try {
      found.set(source.address, await staffIn(ports, await ports.directory.members(source)))
    } catch (fault) {
      if (!(fault instanceof DirectoryFault)) throw fault
      faults.push(`${name} (${fault.message})`)
    }
  }
  if (faults.length > 0) throw new DirectoryFault(faults.join(', '))
  return { members: ({ address }) => found.get(address) ?? null, names: names.length }
}

async function staffIn(
  ports: Pick<ReadPorts, 'directory' | 'store'>,
  accounts: readonly string[],
): Promise<readonly CurrentPerson[]> {
  const people = new Set<CurrentPerson>()
  for (let at = 0; at < accounts.length && people.size < enough; at += enough)
    for (const person of await staffAmong(ports, accounts.slice(at, at + enough))) people.add(person)
  return [...people]
}
