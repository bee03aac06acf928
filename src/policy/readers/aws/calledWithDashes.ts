import { operations, services } from './names.ts'
import { actionsOf } from './table.ts'

/**
 * The operations that the command line of AWS may mean by `describe-db-instances`: those whose name is the same without
 * dashes and case. Nearly always there is one; all of them have to be looked at.
 */
export function calledWithDashes(service: string, dashed: string): readonly string[] {
  const name = dashed.replaceAll('-', '')
  const prefixes = [...new Set([service, services.get(service) ?? service])]
  const known = prefixes.flatMap((prefix) => [...actionsOf(prefix), ...renamedIn(prefix)])
  return [...new Set(known.filter((one) => one.toLowerCase() === name))]
}

/** Operations that IAM calls otherwise. */
function renamedIn(prefix: string): readonly string[] {
  return [...operations.keys()]
    .filter((id) => id.startsWith(`${prefix}:`))
    .map((id) => id.slice(prefix.length + 1))
}
