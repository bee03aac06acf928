import { isLoopback } from '../../core/loopback.ts'

/**
 * Why nobody could trust tokens whose `iss` is this address, in words; null when they can. Whoever verifies fetches our keys from
 * there (OpenID Connect Discovery 1.0, 3): over plain http anybody on the way could put their own in place of them.
 */
export function whyNoIssuer(address: string): string | null {
  const { protocol, hostname, search, hash } = new URL(address)
  if (search || hash) return 'it has a query or a fragment'
  if (protocol === 'https:') return null
  return protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')) ? null : 'it is not https'
}
