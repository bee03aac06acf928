import type { Account } from './identity.ts'

export type StaffFault = 'bot' | 'deactivated' | 'guest' | 'external' | 'unlinked'

/** Why this account may not decide anything, or null when it may (docs/threats.md#who-may-decide; threats: not-staff). */
export function whyNotStaff(account: Account): StaffFault | null {
  if (!account.human) return 'bot'
  if (!account.active) return 'deactivated'
  if (account.external) return 'external'
  if (account.guest) return 'guest'
  if (account.unlinked) return 'unlinked'
  return null
}
