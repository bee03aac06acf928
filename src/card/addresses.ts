/* How accounts are spelled: by an address, `slack:U012AB3CD`, in another workspace than the first `slack:T0EMEA/U012AB3CD`, or by a key. */

/** `slack:U012AB3CD` of `slack:T024BE7LD:U012AB3CD`; null for what is no such key. */
export function addressOf(account: string): string | null {
  const [channel, , user] = account.split(':')
  return channel && user ? `${channel}:${user}` : null
}

/** The same for an account however it is spelled: to compare and to count by, and nothing to write to. */
export function oneSpelling(account: string): string {
  const [channel] = account.split(':')
  return `${channel}:${account.split(/[:/]/).at(-1)}`
}
