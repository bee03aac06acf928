/** What `/readyz` says in a word: `200 ready`, with whatever is degraded. */
export function readyAt(url: string): Promise<string> {
  return inAWord(() => fetch(`${url}/readyz`, { signal: patience() }), ['status', 'degraded'])
}

/** What becomes of a request that policy allows: `201 approved`. */
export function askedAt(url: string, credential: string): Promise<string> {
  const body = JSON.stringify({
    action: 'soak.allowed',
    resource: { type: 'thing', id: 'lee.0' },
    params: { n: 0 },
    environment: 'prod',
  })
  const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }
  return inAWord(
    () => fetch(`${url}/v1/requests`, { method: 'POST', headers, body, signal: patience() }),
    ['state', 'code'],
  )
}

const patience = () => AbortSignal.timeout(15_000)

/** The status, and those of the fields that are there. Never rejects. */
async function inAWord(call: () => Promise<Response>, fields: readonly string[]): Promise<string> {
  try {
    const response = await call()
    const body: unknown = await response.json()
    const values = fields.flatMap((name) =>
      typeof body === 'object' && body !== null ? (Reflect.get(body, name) ?? []) : [],
    )
    return [response.status, ...values].join(' ')
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
