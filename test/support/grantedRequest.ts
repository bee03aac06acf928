import type { Presenter } from '../../src/approvals/grants/presented.ts'
import { redeem } from '../../src/approvals/grants/redeem.ts'
import type { RedemptionAsk } from '../../src/approvals/grants/redemptionAsk.ts'
import { addResource } from '../../src/approvals/grants/resources.ts'
import { addAgent } from '../../src/approvals/people/agents.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import type { Grant } from '../../src/core/grant.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { madeGrant } from '../store/madeGrants.ts'
import { testIssuer } from './testSigner.ts'
import { ask, click, type World } from './world.ts'

/** Who are there, besides the agent of the world: another agent and two resources, one of another audience. */
export interface Cast {
  readonly agent: Presenter
  readonly otherAgent: Presenter
  readonly resource: Presenter
  readonly otherResource: Presenter
}

export const audience = 'https://db.acme.test'

export async function castOf({ ports, agent }: World): Promise<Cast> {
  const lee = { email: 'lee@acme.test' }
  const other = await addAgent(
    { ...ports, confirms: false },
    { name: 'other-agent', owner: lee, by: lee, via: 'test' },
  )
  const resource = await addResource(ports, { name: 'warehouse', audience, via: 'test' })
  const elsewhere = await addResource(ports, {
    name: 'lake',
    audience: 'https://lake.acme.test',
    via: 'test',
  })
  return {
    agent: { agent: agent.agent, key: agent.key },
    otherAgent: { agent: other.agent, key: other.key },
    resource: { resource: resource.resource },
    otherResource: { resource: elsewhere.resource },
  }
}

export interface Granted {
  readonly request: ActionRequest
  readonly grant: Grant
  readonly token: string
}

/** Grace approves `deploy.start`, and the agent gets its grant, which lives for two minutes. */
export async function granted(world: World, given: Partial<Grant> = {}): Promise<Granted> {
  const { id } = await ask(world, 'deploy.start')
  const { request } = await click(world, id, 'U0GRACE')
  return grantOf(world, request, given)
}

/** Gives an approved request its grant, as if it had been asked for now. */
export async function grantOf(
  { ports, agent }: World,
  request: ActionRequest,
  given: Partial<Grant> = {},
): Promise<Granted> {
  const now = Math.floor(ports.clock().getTime() / 1_000) * 1_000
  const grant = madeGrant(request.id, {
    audience,
    issuer: testIssuer,
    signedWith: await ports.signer.signsWith(),
    askedWith: agent.key.id,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 120_000).toISOString(),
    ...given,
  })
  const next = { ...request, version: request.version + 1, grant }
  const committed = await ports.store.commit({ request: { expected: request.version, next }, entries: [] })
  if (committed !== 'applied') throw new Error(`the grant was not written: ${committed}`)
  return { request: next, grant, token: await tokenOf(ports, grant) }
}

/** What a token of this grant says; the record is what counts. */
export function claimsOf({ id, audience: aud, issuer, issuedAt, expiresAt }: Grant): JsonObject {
  const seconds = (at: string) => Date.parse(at) / 1_000
  return { iss: issuer, aud, jti: id, iat: seconds(issuedAt), exp: seconds(expiresAt), sub: 'approval:test' }
}

export function tokenOf({ signer }: Pick<Ports, 'signer'>, grant: Grant): Promise<string> {
  return signer.sign(claimsOf(grant), { kid: grant.signedWith, typ: 'JWT' })
}

/** A redemption of exactly what was approved. */
export function asking(
  { token, request }: Granted,
  by: Presenter,
  change: Partial<RedemptionAsk> = {},
): RedemptionAsk {
  return { token, attempt: 'attempt-1', named: request.digest, by, proved: null, ...change }
}

export function redeems(
  { ports }: Pick<World, 'ports'>,
  what: Granted,
  by: Presenter,
  change: Partial<RedemptionAsk> = {},
) {
  return redeem(ports, asking(what, by, change))
}
