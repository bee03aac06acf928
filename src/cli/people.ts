import { linkAccounts } from '../approvals/people/linkAccounts.ts'
import { withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { paint, say } from './say.ts'

export function linkCommand(account: string, other: string): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const person = await linkAccounts(ports, {
      account: personClaim(account),
      other: personClaim(other),
      via: 'cli',
    })
    say(`${paint('green', '✓')} ${account} and ${other} are one person now (${person}).`)
    return 0
  })
}
