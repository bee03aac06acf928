import type { PersonClaim } from '../approvals/identify.ts'
import { linkAccounts } from '../approvals/linkAccounts.ts'
import { withHouse } from '../compose.ts'
import { readConfig } from '../config.ts'
import { paint, say } from './say.ts'

export function linkCommand(account: string, other: string): Promise<number> {
  return withHouse(readConfig(), async ({ ports }) => {
    const person = await linkAccounts(ports, {
      account: personClaim(account),
      other: personClaim(other),
      via: 'cli',
    })
    say(`${paint('green', '✓')} ${account} and ${other} are one person now (${person}).`)
    return 0
  })
}

/** `lee@acme.test` is an e-mail address; `U012AB3CD`, or an account key, is Slack's own id. */
export function personClaim(text: string): PersonClaim {
  if (text.includes('@')) return { email: text }
  return { address: text.startsWith('slack:') ? text : `slack:${text}` }
}
