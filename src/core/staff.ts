import type { Account, AccountKey } from './identity.ts'
import { Refusal } from './refusal.ts'

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

/** The same of an account that is only about to be linked: that it is not yet keeps it from nothing. */
export function whyNotStaffOnceLinked(account: Account): Exclude<StaffFault, 'unlinked'> | null {
  const fault = whyNotStaff(account)
  return fault === 'unlinked' ? null : fault
}

/** @throws Refusal `not_staff` */
export function refuseUnlessStaff(account: Account): void {
  const fault = whyNotStaff(account)
  if (fault) throw notStaff(fault, account)
}

export function notStaff(fault: StaffFault, { key }: Pick<Account, 'key'>): Refusal {
  return new Refusal(
    'not_staff',
    `the account is not staff: ${fault}`,
    fault === 'unlinked' ? [unlinked(key)] : [],
  )
}

/** Nobody knows their own key by heart, and they need it to say somewhere else that the account is theirs. */
function unlinked(key: AccountKey) {
  const detail = `This account is linked to nobody in the first workspace. Act there, or link the two: type "/approvals link ${key}" there.`
  return { pointer: '', detail }
}
