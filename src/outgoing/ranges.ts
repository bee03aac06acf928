import ipaddr from 'ipaddr.js'

type Address = ReturnType<typeof ipaddr.process>

/** A range of addresses, `10.0.0.0/8` or `fd00::/8`, as it is compared. */
export interface Range {
  readonly base: Address
  readonly bits: number
}

/** Ranges with commas between them; null when there is something else. */
export function rangesIn(text: string): readonly Range[] | null {
  const parts = text.split(',').flatMap((one) => (one.trim() === '' ? [] : [rangeOf(one.trim())]))
  const ranges = parts.filter((one) => one !== null)
  return ranges.length === parts.length ? ranges : null
}

/** A range as the operator writes it; null when it is none. One address is a range of itself. */
function rangeOf(text: string): Range | null {
  try {
    if (!text.includes('/')) {
      const base = ipaddr.process(text)
      return { base, bits: base.kind() === 'ipv4' ? 32 : 128 }
    }
    const [base, bits] = ipaddr.parseCIDR(text)
    return { base, bits }
  } catch {
    return null
  }
}

/** True for an address literal, whatever its spelling; in the form that a URL gives it, without brackets. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(host)
}

/** Whether the operator has opened this address. One of IPv4 inside IPv6 is the one inside. */
export function isOpened(address: string, opened: readonly Range[]): boolean {
  const parsed = parse(address)
  return parsed !== null && opened.some((range) => isIn(parsed, range))
}

/** Ranges of the two families have nothing in common. */
function isIn(address: Address, { base, bits }: Range): boolean {
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, bits)
  return base instanceof ipaddr.IPv6 && address.match(base, bits)
}

/**
 * Whether an address is somewhere on the public internet: not this machine, its network, the link, a carrier's inside, a
 * documentation's or a translator's (IANA's special-purpose registries, as `ipaddr.js` has them). What is not understood is not.
 */
export function isPublic(address: string): boolean {
  const parsed = parse(address)
  if (parsed?.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(given, 3)
}

/** All of IPv6 that was ever given to anybody as global unicast (IANA, RFC 4291, 2.4). */
const given = ipaddr.IPv6.parse('2000::')

function parse(address: string): Address | null {
  try {
    return ipaddr.process(address.replace(/%.*$/, ''))
  } catch {
    return null
  }
}
