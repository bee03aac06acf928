import { isAddress, isOpened, isPublic, type Range } from './ranges.ts'

export interface AddressRules {
  /** Ranges that the operator has opened: there, http and any port will do as well. */
  readonly opened: readonly Range[]
  /** Where this server itself is reached: what it sends itself would be nobody's. */
  readonly ownOrigin: string
}

/** What an address is, when its form is one that we send to. */
export interface Target {
  readonly url: URL
  /** The name or the literal, without brackets. */
  readonly host: string
  /** It is not https at the usual port, so only what the operator has opened may be behind it. */
  readonly onlyOpened: boolean
}

const form = 'This must be an https address without a user name, password or fragment.'

/** @returns what is wrong with its form, as a sentence. A literal is judged here; a name when it is looked up. */
export function targetOf(text: string, rules: AddressRules): Target | string {
  if (!URL.canParse(text) || /[\s\p{Cc}\\]/u.test(text)) return form
  const url = new URL(text)
  if (!['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '') return form
  if (url.hash !== '' || url.hostname === '') return form
  if (url.origin === rules.ownOrigin) return 'This is the address of Countersign itself.'
  const onlyOpened = url.protocol !== 'https:' || url.port !== ''
  if (onlyOpened && rules.opened.length === 0)
    return url.protocol === 'https:' ? 'Only the usual port of https is allowed.' : form
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const target = { url, host, onlyOpened }
  if (isAddress(host)) return isAllowed(host, target, rules) ? target : closed
  // Such names lead to this machine or its network by themselves (RFC 6761, RFC 6762, and what clouds serve).
  if (/(^|\.)(localhost|local|internal)$/.test(host) && rules.opened.length === 0) return closed
  return target
}

export const closed =
  'This leads into a network that nothing is sent to: use an address on the public internet, or ask the operator to open its range (WEBHOOK_ALLOW).'

/** Whether what a target leads to may be connected to. */
export function isAllowed(
  address: string,
  { onlyOpened }: Pick<Target, 'onlyOpened'>,
  { opened }: AddressRules,
): boolean {
  return isOpened(address, opened) || (!onlyOpened && isPublic(address))
}
