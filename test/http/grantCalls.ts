import type { House, Reply } from './house.ts'

const json = { 'content-type': 'application/json' }

/** An agent asks for the grant of a request. */
export function asksGrant(
  house: House,
  id: string,
  headers: Record<string, string> = {},
  body?: object,
): Promise<Reply> {
  return house.call('POST', `/v1/requests/${id}/grant`, {
    headers: body ? { ...json, ...headers } : headers,
    ...(body && { body: JSON.stringify(body) }),
  })
}

export function tokenIn({ text }: Reply): string {
  return /"token":"([^"]+)"/.exec(text)?.[1] ?? ''
}
