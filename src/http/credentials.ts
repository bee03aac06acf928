import { authenticateResource, isResourceCredential } from '../approvals/grants/resourceKeys.ts'
import { authenticateKey, authenticateSignature, recognizeKey } from '../approvals/people/authenticate.ts'
import { authenticatePerson } from '../approvals/people/personalToken.ts'
import type { ReadPorts } from '../approvals/ports.ts'
import type { AuditorKey } from '../approvals/records.ts'
import type { JsonObject } from '../core/json.ts'
import { Refusal } from '../core/refusal.ts'
import {
  type Caller,
  type CallerBy,
  type CallingAuditor,
  type CallingPerson,
  type CallingResource,
  type Credentials,
  headerOf,
  type ReceivedCall,
} from './call.ts'
import { admitOperator } from './operator.ts'
import { readSignature } from './webhookSignature.ts'

/** What it takes to find out who calls. */
export interface Identities {
  readonly ports: Pick<ReadPorts, 'store' | 'registry' | 'clock'>
  /** The bytes with which a key's webhooks are signed. */
  readonly signingSecret: (keyId: string) => Buffer
  /** The auditor of a key, with what the call asks, which is recorded. @throws Refusal as `admitAuditor` */
  readonly admitAuditor: (bearer: string, asked: JsonObject) => Promise<AuditorKey>
  /** Null: only calls from this machine are the operator's. */
  readonly operatorToken: string | null
}

/** How each kind of credentials is checked. @throws Refusal `unauthenticated`, `operator_only`; of auditors as `admitAuditor` */
export const authenticate: {
  readonly [C in Credentials]: (identities: Identities, call: ReceivedCall) => Promise<CallerBy[C]>
} = {
  agent: byBearer,
  'agent or webhook': byBearerOrSignature,
  'agent or resource': byEitherKey,
  auditor: byAuditor,
  person: byPerson,
  operator: byOperator,
  'operator if strict': (identities, call) =>
    call.query.has('strict') ? byOperator(identities, call) : Promise.resolve(null),
  anybody: async () => null,
}

/** An agent's id or name, as the address of a signed call gives it. */
const agentPattern = /^[\w.-]{1,100}$/

async function byOperator({ operatorToken }: Identities, call: ReceivedCall): Promise<null> {
  admitOperator(operatorToken, call)
  return null
}

/** The agent that calls, by its bearer key. Whatever is wrong with the key, the answer is the same. */
async function byBearer({ ports }: Identities, call: ReceivedCall): Promise<Caller<'api'>> {
  return { ...(await authenticateKey(ports, bearerOf(call, 'csk'))), via: 'api' }
}

/** Which kind of key it is, its prefix says; of either kind, whatever is wrong with it, the answer is the same. */
async function byEitherKey(
  { ports }: Identities,
  call: ReceivedCall,
): Promise<Caller<'api'> | CallingResource> {
  const bearer = bearerOf(call, 'csk', 'csr')
  if (!isResourceCredential(bearer)) return { ...(await authenticateKey(ports, bearer)), via: 'api' }
  return { resource: await authenticateResource(ports, bearer), via: 'api' }
}

async function byAuditor({ admitAuditor }: Identities, call: ReceivedCall): Promise<CallingAuditor> {
  return { auditor: await admitAuditor(bearerOf(call, 'csa'), askedBy(call)) }
}

async function byPerson({ ports }: Identities, call: ReceivedCall): Promise<CallingPerson> {
  return { token: await authenticatePerson(ports, bearerOf(call, 'csp')) }
}

/** What of an address says what is read. It is recorded, so it is short, and nothing else that was sent stands there. */
function askedBy({ params, query }: ReceivedCall): JsonObject {
  const said = {
    tile: params['*'],
    entry: params.id,
    from: query.get('from'),
    to: query.get('to'),
    limit: query.get('limit'),
  }
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) =>
      value != null && /^[\w./]{1,60}$/.test(value) ? [[name, value]] : [],
    ),
  )
}

/** Kinds of keys, by how they begin. */
const kinds = {
  csk: 'the key of an agent',
  csr: 'the key of a resource',
  csa: 'the key of an auditor',
  cso: 'the key of an operator',
  csp: 'a personal token',
} as const

/** The credential, of one of these kinds: whoever sends another kind is told which belong here. */
function bearerOf(call: ReceivedCall, ...taken: readonly (keyof typeof kinds)[]): string {
  const [, credential] = /^Bearer +([\x21-\x7e]{1,200}) *$/i.exec(headerOf(call, 'authorization') ?? '') ?? []
  if (!credential) throw new Refusal('unauthenticated', 'no bearer credential')
  const kind = Object.entries(kinds).find(([prefix]) => credential.startsWith(`${prefix}_`))
  if (kind && !taken.some((one) => one === kind[0]))
    throw new Refusal('unauthenticated', 'a credential of another kind', [
      {
        pointer: '',
        detail: `That is ${kind[1]}; this address takes ${taken.map((one) => kinds[one]).join(' or ')}.`,
      },
    ])
  return credential
}

/**
 * By its bearer key, or by a Standard Webhooks signature when there is no Authorization header at all. Only for
 * submitting: signatures cover the body and not the address, so a captured one over an empty body would fit every other
 * call; and a bearer key may be known from memory, because the commit of what is submitted compares.
 */
async function byBearerOrSignature(
  identities: Identities,
  call: ReceivedCall,
): Promise<Caller<'api' | 'webhook'>> {
  const { ports, signingSecret } = identities
  if (call.headers.authorization !== undefined)
    return { ...(await recognizeKey(ports, bearerOf(call, 'csk'))), via: 'api' }
  const [agent, ...others] = call.query.getAll('agent')
  if (!agent || others.length > 0 || !agentPattern.test(agent)) {
    throw new Refusal('unauthenticated', 'neither a bearer credential nor one ?agent=')
  }
  const signature = readSignature(call, ports.clock())
  const verify = (keyId: string) => signature.isBy(signingSecret(keyId))
  return { ...(await authenticateSignature(ports, { agent, verify })), via: 'webhook' }
}
