import { request } from 'undici'
import { SendFault } from '../approvals/webhooks/outgoing.ts'
import { type AddressRules, targetOf } from './addressRules.ts'
import { agentFor } from './agent.ts'
import { faultOf } from './faults.ts'
import { AddressRefused, type LookUpAll, lookUpAll } from './lookUp.ts'

interface Reading extends AddressRules {
  readonly version: string
  /** The system's resolver unless told otherwise. */
  readonly lookUp?: LookUpAll
  /** Milliseconds for all of it: 3 seconds unless a test says otherwise. */
  readonly limit?: number
}

/** Milliseconds. */
const usualLimit = 3_000
/** Bytes. */
const mostRead = 262_144

/**
 * Reads what stands at addresses outside, whole or not at all, under the rules for all that leaves this server: no redirect is followed,
 * no proxy used, and nothing in our own network is asked unless the operator has opened it.
 *
 * @throws SendFault when it was not answered with 200 in time
 */
export function documentReader(options: Reading): (url: string) => Promise<string> {
  const look = options.lookUp ?? lookUpAll
  return async (url) => {
    const target = targetOf(url, options)
    if (typeof target === 'string') throw new AddressRefused('its address is not one that is asked')
    const agent = agentFor(target, { rules: options, look })
    const limit = options.limit ?? usualLimit
    try {
      const { statusCode, body } = await request(target.url, {
        dispatcher: agent,
        signal: AbortSignal.timeout(limit),
        headersTimeout: limit,
        bodyTimeout: limit,
        headers: { accept: 'application/json', 'user-agent': `Countersign/${options.version}` },
      })
      if (statusCode !== 200) throw new SendFault(`it answered ${statusCode}`)
      return await wholeOf(body)
    } catch (error) {
      throw faultOf(error)
    } finally {
      await agent.destroy().catch(() => undefined)
    }
  }
}

async function wholeOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > mostRead) throw new SendFault('its answer is too long')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
