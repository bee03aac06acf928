/** What of the local Teams lasts from one start to the next. */
import type { Kept } from '../keepFile.ts'
import type { StoredMessage, Tenant } from './tenant.ts'

interface KeptTeams {
  readonly messages: readonly (readonly [string, readonly StoredMessage[]])[]
}

/** Newest messages kept of each conversation. */
const messagesKept = 400

export function keptTeams(tenant: Tenant): Kept<KeptTeams> {
  return {
    onChange: tenant.onChange,
    taken: () => ({ messages: [...tenant.messages].map(([id, all]) => [id, all.slice(-messagesKept)]) }),
    restore({ messages }) {
      for (const [id, all] of messages) if (tenant.conversations.has(id)) tenant.messages.set(id, all)
    },
  }
}
