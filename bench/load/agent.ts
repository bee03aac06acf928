import { setTimeout as delay } from 'node:timers/promises'
import type { Pool } from 'undici'

/** Somebody who asks, over a connection that stays open. */
export interface Agent {
  /** `wait`: seconds for which the answer may be held until the request is settled. */
  ask(body: string, wait?: number): Promise<Answer>
  read(id: string, wait?: number): Promise<Answer>
}

interface Answer {
  readonly status: number
  readonly id: string
  readonly state: string
}

/** `pool` leads to the product. A pace that was exceeded is waited out, as an agent does. */
export function agentOver(pool: Pool, credential: string): Agent {
  const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }
  const headersFor = (wait?: number) =>
    wait === undefined ? headers : { ...headers, prefer: `wait=${wait}` }
  const call = async (options: Parameters<Pool['request']>[0]): Promise<Answer> => {
    for (;;) {
      const { statusCode, headers: answered, body } = await pool.request(options)
      const text = await body.text()
      if (statusCode !== 429) return answerIn(statusCode, text)
      await delay(Number(answered['retry-after'] ?? 1) * 1_000)
    }
  }
  return {
    ask: (body, wait) => call({ method: 'POST', path: '/v1/requests', headers: headersFor(wait), body }),
    read: (id, wait) => call({ method: 'GET', path: `/v1/requests/${id}`, headers: headersFor(wait) }),
  }
}

function answerIn(status: number, text: string): Answer {
  const body: unknown = JSON.parse(text)
  const field = (name: string) => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
    return typeof value === 'string' ? value : ''
  }
  return { status, id: field('id'), state: field('state') || field('code') }
}

/** What an agent asks for when nobody has to be asked. */
export const reading = JSON.stringify({
  action: 'repo.read',
  resource: { type: 'repository', id: 'acme/site' },
  params: { repo: 'acme/site' },
  environment: 'prod',
  initiator: { email: 'alice@acme.test' },
})

/** A release, which somebody has to agree to in the `n`th conversation of the bench (world/policy.ts). */
export function releasing(n: number): string {
  return JSON.stringify({
    action: `bench.release-${n}`,
    resource: { type: 'service', id: 'checkout' },
    params: { service: 'checkout', version: '2026.11.4', strategy: 'rolling' },
    environment: 'prod',
    reason: 'The release of this week, with the new way to pay.',
    initiator: { email: 'alice@acme.test' },
  })
}
