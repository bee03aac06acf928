import type { Bundle } from './bundle.ts'

/**
 * Channels by the names that policy has for them: the first in the alphabet where several lead to one, the address itself
 * where none does.
 */
export function channelNames({ channels }: Pick<Bundle, 'channels'>, addresses: readonly string[]): string[] {
  const names = [...channels.keys()].sort()
  return addresses.map((address) => names.find((name) => channels.get(name) === address) ?? address)
}
