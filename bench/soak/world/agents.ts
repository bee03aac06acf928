import { addAgent } from '../../../src/approvals/people/agents.ts'
import { linkAccounts } from '../../../src/approvals/people/linkAccounts.ts'
import { withParts } from '../../../src/server/compose.ts'
import { readConfig } from '../../../src/server/config.ts'

/** An agent with a key that works. */
export interface Registered {
  readonly id: string
  readonly credential: string
}

/** Lee owns all agents and made their keys. */
export const owner = 'U0LEE'

/** Two accounts of one person: whoever of the two is behind an action, neither may decide on it. */
export const samePerson = ['U0ALICE', 'U0OMAR'] as const

/** Registers agents and links the accounts beside a running server, as if everybody had confirmed it. */
export function register(
  environment: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<readonly Registered[]> {
  return withParts(readConfig({ ...environment }, '/nowhere/.env'), async ({ ports: asking }) => {
    const ports = { ...asking, confirms: false }
    const lee = { address: `slack:${owner}` }
    const issued: Registered[] = []
    for (const name of names) {
      const { agent, credential } = await addAgent(ports, { name, owner: lee, by: lee, via: 'cli' })
      issued.push({ id: agent.id, credential })
    }
    const [account, other] = samePerson
    await linkAccounts(ports, {
      account: { address: `slack:${account}` },
      other: { address: `slack:${other}` },
      via: 'cli',
    })
    return issued
  })
}
