import type { Connector } from './connector.ts'
import { ConnectorFault } from './fault.ts'
import { lastingFix } from './refusals.ts'

/** Every kind of call by which we tell people something in Teams. */
export const teamsMethods = ['post', 'update', 'whisper', 'chatWith'] as const

/**
 * How a call ended, in few words: the app is refused, or what was asked; we were told to wait; something broke on the other side, perhaps
 * after it was done; or no answer came.
 */
export const teamsOutcomes = [
  'ok',
  'app_refused',
  'refused',
  'rate_limited',
  'broken',
  'unreachable',
] as const

/** One call, for whoever counts them. */
export interface EndedCall {
  readonly method: (typeof teamsMethods)[number]
  readonly outcome: (typeof teamsOutcomes)[number]
  readonly seconds: number
}

/** The same connector, with its calls counted. */
export function countedConnector(connector: Connector, ended: (call: EndedCall) => void): Connector {
  const counted = async <T>(method: EndedCall['method'], call: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    const end = (outcome: EndedCall['outcome']) =>
      ended({ method, outcome, seconds: (performance.now() - began) / 1_000 })
    try {
      const answer = await call()
      end('ok')
      return answer
    } catch (fault) {
      end(outcomeOf(fault))
      throw fault
    }
  }
  return {
    post: (to, message) => counted('post', () => connector.post(to, message)),
    update: (at, message) => counted('update', () => connector.update(at, message)),
    whisper: (to, message) => counted('whisper', () => connector.whisper(to, message)),
    chatWith: (person) => counted('chatWith', () => connector.chatWith(person)),
  }
}

function outcomeOf(fault: unknown): EndedCall['outcome'] {
  if (lastingFix(fault) !== null) return 'app_refused'
  if (!(fault instanceof ConnectorFault)) return 'broken'
  const { code, status, unknown } = fault
  if (code === 'rate_limited') return 'rate_limited'
  if (status === null) return code === 'unexpected' ? 'broken' : 'unreachable'
  return status < 500 && !unknown ? 'refused' : 'broken'
}
