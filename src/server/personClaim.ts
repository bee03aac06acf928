import type { PersonClaim } from '../approvals/people/identify.ts'

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** `lee@acme.test` is an e-mail address; `U012AB3CD`, an object id of Entra, or an account key, is a directory's own id. */
export function personClaim(text: string): PersonClaim {
  if (text.includes('@')) return { email: text }
  if (guid.test(text)) return { address: `teams:${text.toLowerCase()}` }
  // Slack's ids are another one's in another case, those of Entra are not.
  if (text.toLowerCase().startsWith('teams:')) return { address: text.toLowerCase() }
  return { address: text.startsWith('slack:') ? text : `slack:${text}` }
}
