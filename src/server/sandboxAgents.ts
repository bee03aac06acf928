import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { addAgent, rotateKey } from '../approvals/people/agents.ts'
import { authenticateKey } from '../approvals/people/authenticate.ts'
import type { Ports } from '../approvals/ports.ts'
import { Refusal } from '../core/refusal.ts'
import { sandboxAgents as seeds } from '../sandbox/seed.ts'
import type { SandboxAgent } from '../sandbox/wire.ts'

const shape = z.array(z.object({ id: z.string(), name: z.string(), owner: z.string(), key: z.string() }))

/**
 * The sandbox's agents with keys that work, made on the first start and kept in the data directory: nowhere else is a
 * credential ever kept, and nowhere else would it be worth nothing.
 */
export async function sandboxAgents(ports: Ports, dataDir: string): Promise<readonly SandboxAgent[]> {
  const file = join(dataDir, 'sandbox-agents.json')
  const kept = read(file)
  const agents = await Promise.all(seeds.map((seed) => readyAgent(ports, seed, kept)))
  writeFileSync(file, JSON.stringify(agents), { mode: 0o600 })
  return agents
}

async function readyAgent(
  ports: Ports,
  { name, owner }: { readonly name: string; readonly owner: string },
  kept: readonly SandboxAgent[],
): Promise<SandboxAgent> {
  const known = kept.find((agent) => agent.name === name)
  if (known && (await works(ports, known.key))) return known
  const by = { address: `slack:${owner}` }
  // They are there to be tried at once, where anybody can be anybody.
  const unasked = { ...ports, confirms: false }
  const existing = await ports.store.agent(name)
  const issued = existing
    ? await rotateKey(unasked, { name, by, via: 'sandbox' })
    : await addAgent(unasked, { name, owner: by, by, via: 'sandbox' })
  return { id: issued.agent.id, name, owner, key: issued.credential }
}

async function works(ports: Ports, key: string): Promise<boolean> {
  try {
    await authenticateKey(ports, key)
    return true
  } catch (refusal) {
    if (refusal instanceof Refusal) return false
    throw refusal
  }
}

function read(file: string): readonly SandboxAgent[] {
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return []
  }
}
