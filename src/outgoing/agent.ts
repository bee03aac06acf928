import { Agent, buildConnector } from 'undici'
import { type AddressRules, isAllowed, type Target } from './addressRules.ts'
import { AddressRefused, guardedLookup, type LookUpAll } from './lookUp.ts'
import { isAddress } from './ranges.ts'

/** Milliseconds. */
const connectMs = 5_000

/**
 * Connections for one message to one target. Each is looked at three times: a literal, which no resolver sees, before anything else;
 * what a name leads to, once; and what the socket then is connected to. It is used for one message, so that no connection outlives
 * what was checked. Of the environment nothing is read: no proxy is used.
 */
export function agentFor(
  target: Target,
  { rules, look, ca }: { readonly rules: AddressRules; readonly look: LookUpAll; readonly ca?: string },
): Agent {
  const connector = buildConnector({
    lookup: guardedLookup(target, rules, look),
    timeout: connectMs,
    ...(ca !== undefined && { ca }),
  })
  const refused = () => new AddressRefused('it is in a network that nothing is sent to')
  return new Agent({
    pipelining: 0,
    connections: 1,
    connect(options, connected) {
      const host = options.hostname.replace(/^\[|\]$/g, '')
      if (isAddress(host) && !isAllowed(host, target, rules)) return connected(refused(), null)
      connector(options, (error, socket) => {
        if (error || !socket) return connected(error ?? new Error('no socket'), null)
        if (isAllowed(socket.remoteAddress ?? '', target, rules)) return connected(null, socket)
        socket.destroy()
        connected(refused(), null)
      })
    },
  })
}
