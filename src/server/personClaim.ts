import type { PersonClaim } from '../approvals/people/identify.ts'

/** `lee@acme.test` is an e-mail address; `U012AB3CD`, or an account key, is Slack's own id. */
export function personClaim(text: string): PersonClaim {
  if (text.includes('@')) return { email: text }
  return { address: text.startsWith('slack:') ? text : `slack:${text}` }
}
