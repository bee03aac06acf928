import { type GrantAsk, type Minted, mint } from '../../../src/approvals/grants/mint.ts'
import type { KeyOfAgent } from '../../../src/approvals/known.ts'
import type { Ports, Store } from '../../../src/approvals/ports.ts'
import type { ActionRequest } from '../../../src/core/request.ts'
import { ask, click, type World } from '../../support/world.ts'

/** An export that Bob and Sam have approved; the request as it is then. */
export async function approvedExport(world: World): Promise<ActionRequest> {
  const { id } = await ask(world, 'db.export')
  await click(world, id, 'U0BOB')
  return (await click(world, id, 'U0SAM')).request
}

/** The world's agent asks for the grant of a request. */
export function asksForGrant(
  world: World & { readonly ports: Ports },
  request: string,
  change: Partial<GrantAsk> = {},
): Promise<Minted> {
  return mint(world.ports, {
    request,
    caller: callerOf(world),
    via: 'api',
    audience: null,
    proof: null,
    ...change,
  })
}

export function callerOf({ agent }: Pick<World, 'agent'>): KeyOfAgent {
  return { agent: agent.agent, key: agent.key }
}

export async function requestIn(store: Store, id: string): Promise<ActionRequest> {
  const request = await store.request(id)
  if (!request) throw new Error('it was asked')
  return request
}
