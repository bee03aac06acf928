import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { SendFault } from '../approvals/webhooks/outgoing.ts'
import { type AddressRules, isAllowed, type Target } from './addressRules.ts'

/** Every address that a name has, by the system's resolver, as Node looks names up for sockets. */
export type LookUpAll = (
  name: string,
  found: (error: NodeJS.ErrnoException | null, addresses: readonly Found[]) => void,
) => void

export interface Found {
  readonly address: string
  readonly family: number
}

export const lookUpAll: LookUpAll = (name, found) => lookup(name, { all: true, verbatim: true }, found)

/** The name leads where nothing is sent to. */
export class AddressRefused extends SendFault {}

/**
 * For a socket: looks a name up once, and gives out only what was found then. One address that is not allowed refuses them all:
 * whoever mixes a public one with one of ours means ours (threats: ssrf).
 */
export function guardedLookup(target: Target, rules: AddressRules, look: LookUpAll): LookupFunction {
  return (name, options, connect) => {
    look(name, (error, addresses) => {
      const [first] = addresses ?? []
      if (error || !first) return connect(error ?? noAddress(name), '', 0)
      if (!addresses.every(({ address }) => isAllowed(address, target, rules)))
        return connect(new AddressRefused('its name leads into a network that nothing is sent to'), '', 0)
      if (options.all) return connect(null, [...addresses])
      connect(null, first.address, first.family)
    })
  }
}

function noAddress(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address of ${name}`), { code: 'ENOTFOUND' })
}
