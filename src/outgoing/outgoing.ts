import { Webhook } from 'standardwebhooks'
import { request } from 'undici'
import type { Message, Outgoing, Posted } from '../approvals/webhooks/outgoing.ts'
import { type AddressRules, closed, isAllowed, type Target, targetOf } from './addressRules.ts'
import { agentFor } from './agent.ts'
import { faultOf } from './faults.ts'
import { AddressRefused, type Found, type LookUpAll, lookUpAll } from './lookUp.ts'
import { isAddress } from './ranges.ts'

export interface OutgoingOptions extends AddressRules, Pick<Outgoing, 'callbackSecret' | 'baseUrl'> {
  readonly version: string
  /** The system's resolver unless told otherwise. */
  readonly lookUp?: LookUpAll
  /** Whom to trust beside the usual authorities, as PEM. */
  readonly ca?: string
}

/** Milliseconds in which a message is delivered or not: less than a server that stops waits for its jobs. */
const limitMs = 10_000
/** Milliseconds that a name may take at the submission. */
const lookUpMs = 2_000
/** Milliseconds for which what an answer says is let arrive, so that its sender sees no broken connection. */
const politenessMs = 500
/** Bytes of an answer: nobody reads more. */
const mostAnswered = 16_384

/** What is sent to addresses that agents and operators name, signed as Standard Webhooks has it. */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const look = options.lookUp ?? lookUpAll
  return {
    callbackSecret: options.callbackSecret,
    baseUrl: options.baseUrl,
    async refuse(text) {
      const target = targetOf(text, options)
      if (typeof target === 'string') return target
      if (isAddress(target.host)) return null
      const found = await addressesOf(target.host, look)
      if (found === 'nowhere') return 'No name server knows this name.'
      if (found === 'unknown') return null
      return found.every(({ address }) => isAllowed(address, target, options)) ? null : closed
    },
    async post(message) {
      const target = targetOf(message.url, options)
      if (typeof target === 'string') throw new AddressRefused('its address is not one that is sent to')
      const agent = agentFor(target, { ...options, rules: options, look })
      try {
        return await send(message, { target, agent, version: options.version })
      } catch (error) {
        throw faultOf(error)
      } finally {
        await agent.destroy().catch(() => undefined)
      }
    },
  }
}

async function send(
  { id, at, body, secrets }: Message,
  by: { readonly target: Target; readonly agent: ReturnType<typeof agentFor>; readonly version: string },
): Promise<Posted> {
  const signal = AbortSignal.timeout(limitMs)
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(by.target.url, {
    method: 'POST',
    dispatcher: by.agent,
    signal,
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
    headers: {
      'content-type': 'application/json',
      'user-agent': `Countersign/${by.version}`,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    },
    body,
  })
  // The status is the answer: that a body never ends, or comes drop by drop, does not undo it.
  await answer.dump({ limit: mostAnswered, signal: AbortSignal.timeout(politenessMs) }).catch(() => undefined)
  return { status: statusCode, retryAfterSeconds: secondsIn(headers['retry-after'], at) }
}

/** RFC 9110, 10.2.3: seconds, or a date. Null when there is none that is understood. */
function secondsIn(header: string | string[] | undefined, now: Date): number | null {
  if (typeof header !== 'string') return null
  if (/^\d{1,9}$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1_000))
}

async function addressesOf(name: string, look: LookUpAll): Promise<readonly Found[] | 'nowhere' | 'unknown'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('unknown'), lookUpMs)
    look(name, (error, found) => {
      clearTimeout(timer)
      if (!error && found.length > 0) resolve(found)
      else resolve(!error || error.code === 'ENOTFOUND' ? 'nowhere' : 'unknown')
    })
  })
}
