import { Refusal } from '../core/refusal.ts'
import type { Call } from './call.ts'

/** The request id in an address. What cannot be one is not looked up. @throws Refusal `unknown_request` */
export function requestIdIn(call: Call): string {
  const id = call.params.id ?? ''
  if (!/^req_[0-9a-z]{26}$/.test(id)) throw new Refusal('unknown_request', 'an address without a request id')
  return id
}
