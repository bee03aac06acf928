import {
  type Authenticated,
  authenticateKey,
  authenticateSignature,
} from '../approvals/people/authenticate.ts'
import { Refusal } from '../core/refusal.ts'
import { type Api, type Call, headerOf } from './call.ts'
import { readSignature } from './webhookSignature.ts'

export interface Caller extends Authenticated {
  readonly via: 'api' | 'webhook'
}

/** An agent's id or name, as the address of a signed call gives it. */
const agentPattern = /^[\w.-]{1,100}$/

/**
 * The agent that calls, by its bearer key. Whatever is wrong with the key, the answer is the same.
 *
 * @throws Refusal `unauthenticated`
 */
export async function authenticateBearer(api: Api, call: Call): Promise<Caller> {
  const [, credential] = /^Bearer +([\x21-\x7e]{1,200}) *$/i.exec(headerOf(call, 'authorization') ?? '') ?? []
  if (!credential) throw new Refusal('unauthenticated', 'no bearer credential')
  return { ...(await authenticateKey(api.ports, credential)), via: 'api' }
}

/**
 * The agent that asks: by its bearer key, or by a Standard Webhooks signature when there is no Authorization header at
 * all. Only asking takes signatures: they cover the body and not the address, so a captured signature over an empty
 * body would fit every other call.
 *
 * @throws Refusal `unauthenticated`
 */
export async function authenticateAsk(api: Api, call: Call): Promise<Caller> {
  if (call.headers.authorization !== undefined) return authenticateBearer(api, call)
  const [agent, ...others] = call.query.getAll('agent')
  if (!agent || others.length > 0 || !agentPattern.test(agent)) {
    throw new Refusal('unauthenticated', 'neither a bearer credential nor one ?agent=')
  }
  const signature = readSignature(call, api.ports.clock())
  const verify = (keyId: string) => signature.isBy(api.signingSecret(keyId))
  return { ...(await authenticateSignature(api.ports, { agent, verify })), via: 'webhook' }
}
