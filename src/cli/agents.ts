import { addAgent, type Issued, revokeAgent, rotateKey } from '../approvals/people/agents.ts'
import { accountOf, currentPerson } from '../approvals/people/currentPeople.ts'
import { handOver } from '../approvals/people/handOver.ts'
import { Refusal } from '../core/refusal.ts'
import { webhookSecret, withParts } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { personClaim } from '../server/personClaim.ts'
import { paint, say } from './say.ts'

export function addCommand(
  name: string,
  options: { readonly owner: string; readonly by?: string },
): Promise<number> {
  return withParts(readConfig(), async ({ ports, secret }) => {
    const owner = personClaim(options.owner)
    const issued = await addAgent(ports, {
      name,
      owner,
      by: options.by ? personClaim(options.by) : owner,
      via: 'cli',
    })
    say(`${paint('green', '✓')} ${paint('bold', name)} is registered (${issued.agent.id}).`)
    sayKey(issued, webhookSecret(secret, issued.key.id))
    return 0
  })
}

export function rotateCommand(name: string, options: { readonly by?: string }): Promise<number> {
  return withParts(readConfig(), async ({ ports, secret }) => {
    const by = await byOrOwner(ports, name, options.by)
    const issued = await rotateKey(ports, { name, by, via: 'cli' })
    say(`${paint('green', '✓')} ${paint('bold', name)} has a new key; the old ones no longer work.`)
    sayKey(issued, webhookSecret(secret, issued.key.id))
    return 0
  })
}

export function revokeCommand(name: string, options: { readonly by?: string }): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    await revokeAgent(ports, { name, by: await byOrOwner(ports, name, options.by), via: 'cli' })
    say(`${paint('green', '✓')} ${paint('bold', name)} is revoked, and so are its keys.`)
    return 0
  })
}

export function handOverCommand(
  name: string,
  options: { readonly to: string; readonly by: string },
): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const agent = await handOver(ports, {
      name,
      to: personClaim(options.to),
      by: personClaim(options.by),
      via: 'cli',
    })
    const owner = await accountOf(ports, await currentPerson(ports, agent.owner))
    say(
      `${paint('green', '✓')} ${paint('bold', name)} belongs to ${owner?.name ?? agent.owner} now, who can approve nothing that it asks.`,
    )
    say(
      `Its keys still work, and whoever made one stays behind what is asked with it. For new ones: countersign agents rotate ${name} --by <person>`,
    )
    return 0
  })
}

export function listCommand(): Promise<number> {
  return withParts(readConfig(), async ({ ports }) => {
    const agents = await ports.store.agents()
    if (agents.length === 0) {
      say('No agents yet. Register one with: countersign agents add <name> --owner <person>')
      return 0
    }
    const width = Math.max(...agents.map((agent) => agent.name.length))
    for (const agent of agents) {
      const owner = await accountOf(ports, await currentPerson(ports, agent.owner))
      const state = agent.status === 'active' ? paint('green', 'active ') : paint('dim', 'revoked')
      say(
        `${agent.name.padEnd(width)}  ${state}  ${agent.id}  owner ${owner?.name ?? agent.owner}  since ${agent.createdAt.slice(0, 10)}`,
      )
    }
    return 0
  })
}

/** Without --by, whoever has the shell acts for the agent's owner, and the owner is behind the new key. */
async function byOrOwner(ports: Parameters<typeof addAgent>[0], name: string, by: string | undefined) {
  if (by) return personClaim(by)
  const agent = await ports.store.agent(name)
  if (!agent) throw new Refusal('unknown_agent', 'no agent of that name')
  const owner = await accountOf(ports, await currentPerson(ports, agent.owner))
  return personClaim(owner?.account ?? '')
}

function sayKey({ agent, credential }: Issued, whsec: string): void {
  say()
  say(`  key             ${paint('cyan', credential)}`)
  say(`  webhook secret  ${paint('cyan', whsec)}   (POST /v1/requests?agent=${agent.name})`)
  say()
  say(
    'Both are shown only this once. The agent sends the key as "Authorization: Bearer …", or signs with the secret.',
  )
}
