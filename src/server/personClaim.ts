import type { PersonClaim } from '../approvals/people/identify.ts'
import { userAddress } from '../policy/format/directoryKeys.ts'

/** `lee@acme.test` is an e-mail address; `U012AB3CD` is Slack's own id, a GUID is Entra's, and an address or the key of an account says it. */
export function personClaim(text: string): PersonClaim {
  if (text.includes('@')) return { email: text }
  return { address: /^(slack|teams):/.test(text) ? text : userAddress(text) }
}
