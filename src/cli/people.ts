import { linkAccounts } from '../approvals/linkAccounts.ts'
import { withHouse } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
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
