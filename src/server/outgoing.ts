import type { Store } from '../approvals/ports.ts'
import { randomIds } from '../approvals/randomIds.ts'
import { knownWebhooks } from '../approvals/webhooks/known.ts'
import type { Outgoing } from '../approvals/webhooks/outgoing.ts'
import { tellEverybody } from '../approvals/webhooks/tellEverybody.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { createOutgoing } from '../outgoing/outgoing.ts'
import type { InstallationSecret } from '../store/secretFile.ts'
import type { Config } from './config.ts'
import { packageVersion } from './package.ts'

/** The way out, as the configuration has it. `address` is where the outside reaches this server. */
export function outgoingOf(
  { webhookAllow }: Pick<Config, 'webhookAllow'>,
  { secret, address }: { readonly secret: InstallationSecret; readonly address: string },
): Outgoing {
  return createOutgoing({
    opened: webhookAllow,
    ownOrigin: new URL(address).origin,
    baseUrl: address,
    version: packageVersion(),
    callbackSecret: (keyId) => callbackSecret(secret, keyId),
  })
}

/** The way out for whoever only looks at addresses: no secret is at hand, and nothing is signed for callbacks. */
export function outgoingToLook({ webhookAllow }: Pick<Config, 'webhookAllow'>, address: string): Outgoing {
  return createOutgoing({
    opened: webhookAllow,
    ownOrigin: new URL(address).origin,
    baseUrl: address,
    version: packageVersion(),
    callbackSecret() {
      throw new Error('nothing is sent by whoever only looks')
    },
  })
}

/** The store that everybody works with: what is committed is told to whoever wants to hear it. */
export function tellingStore(store: Store, ages: AgeClock): Store {
  return tellEverybody(store, { known: knownWebhooks(store, ages), ids: randomIds })
}

/**
 * What signs callbacks of requests that were made with a key. It is another one than what signs calls with that key: whoever receives
 * callbacks could otherwise ask in the name of the agent.
 */
export function callbackSecret(secret: InstallationSecret, keyId: string): string {
  return `whsec_${secret.derive(`callback:${keyId}`).toString('base64')}`
}
