import { expect } from 'vitest'
import { routes } from '../../src/http/routes.ts'
import type { Reply } from './house.ts'

/** An answer is exactly what openapi.json promises for its call and status: nothing is missing, and nothing is told besides. */
export function expectPromised(method: string, path: string, { status, headers, body }: Reply): void {
  const [address = ''] = path.split('?')
  const route = routes.find((one) => one.method === method && fits(one.url, address))
  const promised = route?.answers[status]?.content ?? {}
  const type = headers.get('content-type')?.split(';')[0] ?? ''
  const schema = promised[type]?.schema
  if (schema && body !== null) expect(schema.parse(body)).toEqual(body)
}

function fits(url: string, address: string): boolean {
  const parts = url.split('/')
  const given = address.split('/')
  if (parts.at(-1) === '*') return parts.slice(0, -1).every((part, nth) => part === given[nth])
  return (
    parts.length === given.length && parts.every((part, nth) => part.startsWith(':') || part === given[nth])
  )
}
