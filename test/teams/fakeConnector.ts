import type { CardMessage } from '../../src/teams/card/message.ts'
import type { Connector } from '../../src/teams/outbound/connector.ts'
import { ConnectorFault } from '../../src/teams/outbound/fault.ts'

/** One call that Teams got. */
export interface Called {
  readonly call: 'post' | 'update' | 'whisper' | 'chat'
  readonly conversation: string
  readonly root?: string | undefined
  readonly id?: string
  readonly message: CardMessage | null
}

export type Trouble = (called: Called) => Promise<void> | void

/** Teams as it should be, but for the trouble that a test makes before or after a call takes effect. */
export function fakeConnector() {
  const calls: Called[] = []
  const trouble = { before: none, after: none }
  let made = 0
  const take = async (called: Called): Promise<string> => {
    await trouble.before(called)
    calls.push(called)
    await trouble.after(called)
    made += 1
    return `17000000${String(made).padStart(5, '0')}`
  }
  const connector: Connector = {
    post: (to, message) => take({ call: 'post', ...to, message }),
    update: async (at, message) => void (await take({ call: 'update', ...at, message })),
    whisper: async ({ conversation, root }, message) =>
      void (await take({ call: 'whisper', conversation, root, message })),
    chatWith: async (person) => {
      await take({ call: 'chat', conversation: person, message: null })
      return `a:${person}`
    },
  }
  return {
    connector,
    calls,
    trouble,
    /** Without the chats that were opened. */
    sent: () => calls.filter(({ call }) => call !== 'chat'),
  }
}

const none: Trouble = () => {}

export function refuses(
  code: string,
  more: { status?: number; unknown?: boolean; wait?: number } = {},
): Trouble {
  const { status = 403, unknown = false, wait = null } = more
  return () => {
    throw new ConnectorFault({ code, status, unknown, retryAfterSeconds: wait })
  }
}

export function once(trouble: Trouble): Trouble {
  let left = 1
  return (called) => {
    left -= 1
    return left < 0 ? undefined : trouble(called)
  }
}
