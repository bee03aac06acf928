import type { Json } from '../../core/json.ts'
import { bool, int, listOf, string } from '../conditions/valueType.ts'
import { hostName, isInternational } from './host.ts'
import type { Reader, Reading } from './reader.ts'

const longest = 254
const longestLocal = 64
const most = 50

/**
 * Less than RFC 5321 calls an atom: without `%`, `!` and `|`, by which some servers route on, without `=?`, which headers
 * decode, and without a dash at the start, which some programs take for an option.
 */
const local = /^(?!-)[A-Za-z0-9_+='-]+(?:\.[A-Za-z0-9_+='-]+)*$/

interface Address {
  readonly local: string
  readonly domain: string
}

/** One address, exactly `local@domain` (docs/policy.md#email): no display name, comment, quotes, group, blank or other script. */
export function readEmail(text: string): Reading {
  const address = addressOf(text)
  if (typeof address === 'string') return { understood: false, why: address }
  return { understood: true, facts: { ...address, international: isInternational(address.domain) } }
}

/** A list of them. One that is not understood makes the list not understood; an empty list is understood, with a `count` of 0. */
export function readEmails(texts: readonly Json[]): Reading {
  if (texts.length > most) return { understood: false, why: `It has more than ${most} addresses.` }
  const domains = new Set<string>()
  const addresses: string[] = []
  for (const [index, text] of texts.entries()) {
    const address = typeof text === 'string' ? addressOf(text) : 'It is not text.'
    if (typeof address === 'string') return { understood: false, why: `Address ${index + 1}: ${address}` }
    domains.add(address.domain)
    addresses.push(`${address.local}@${address.domain}`)
  }
  const international = [...domains].some(isInternational)
  return { understood: true, facts: { count: texts.length, addresses, domains: [...domains], international } }
}

/** What is wrong, where it is no address. */
function addressOf(text: string): Address | string {
  if (text.length > longest) return `It is longer than ${longest} characters.`
  const at = text.indexOf('@')
  if (at === -1) return 'It has no @.'
  const name = text.slice(0, at)
  if (name.length > longestLocal || !local.test(name))
    return 'What stands before the @ is not plain letters, digits, dots, dashes and the like.'
  const domain = hostName(text.slice(at + 1))
  if (domain === null || !domain.includes('.'))
    return 'What stands after the @ is not the plain name of a domain.'
  return { local: name, domain }
}

export const emailReader: Reader = {
  accepts: 'string',
  what: 'an e-mail address',
  facts: { local: string, domain: string, international: bool },
  most: { text: longest, items: 0 },
  read: (value) =>
    typeof value === 'string' ? readEmail(value) : { understood: false, why: 'It is not text.' },
}

export const emailsReader: Reader = {
  accepts: { list: 'string' },
  what: 'a list of e-mail addresses',
  facts: { count: int, addresses: listOf(string), domains: listOf(string), international: bool },
  most: { text: longest, items: most },
  read: (value) =>
    Array.isArray(value) ? readEmails(value) : { understood: false, why: 'It is not a list.' },
}
