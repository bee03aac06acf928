/** `slack:U012AB3CD` of the key `slack:T024BE7LD:U012AB3CD`; null for what is no such key. */
export function addressOf(account: string): string | null {
  const [channel, , user] = account.split(':')
  return channel && user ? `${channel}:${user}` : null
}

/** The same of what may be an address already. */
export function asAddress(account: string): string {
  return addressOf(account) ?? account
}
