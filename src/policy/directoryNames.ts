import type { Bundle } from './bundle.ts'

/**
 * Addresses by the names that the policy's directory has for them: the first in the alphabet where several lead to one,
 * the address itself where none does.
 */
export function directoryNames(
  { channels, people }: Pick<Bundle, 'channels' | 'people'>,
  addresses: readonly string[],
): string[] {
  const known = [...channels, ...[...people].map(([name, { address }]) => [name, [address]] as const)]
  const named = known.sort(([left], [right]) => (left < right ? -1 : 1))
  const names = addresses.map((address) => named.find(([, known]) => known.includes(address))?.[0] ?? address)
  // A name that stands for several is said once.
  return [...new Set(names)]
}
