import type { CallWatch } from '../../channels/reach.ts'
import { inSpan } from '../../tracing/span.ts'
import type { Connector } from './connector.ts'
import { ConnectorFault } from './fault.ts'
import { codeOf, lastingFix } from './refusals.ts'
import type { Scope, Tokens } from './tokens.ts'

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

/** The connector, whose calls are heard and counted. */
export function watchedConnector(
  connector: Connector,
  watch: CallWatch & { readonly ended?: (call: EndedCall) => void },
): Connector {
  const watched = <T>(method: EndedCall['method'], call: () => Promise<T>): Promise<T> =>
    inSpan({ name: `teams ${method}`, kind: 'client' }, async (note) => {
      const began = performance.now()
      const end = (outcome: EndedCall['outcome']) => {
        note({ 'countersign.outcome': outcome })
        watch.ended?.({ method, outcome, seconds: (performance.now() - began) / 1_000 })
      }
      try {
        const answer = await call()
        watch.answered()
        end('ok')
        return answer
      } catch (fault) {
        hearOf(watch, fault)
        end(outcomeOf(fault))
        throw fault
      }
    })
  return {
    post: (to, message) => watched('post', () => connector.post(to, message)),
    update: (at, message) => watched('update', () => connector.update(at, message)),
    whisper: (to, message) => watched('whisper', () => connector.whisper(to, message)),
    chatWith: (person) => watched('chatWith', () => connector.chatWith(person)),
  }
}

/** Tokens by which it is heard that the app is refused, or taken. */
export function watchedTokens(tokens: Tokens, watch: CallWatch): Tokens {
  return {
    tokenFor: async (scope: Scope) => {
      try {
        return await tokens.tokenFor(scope)
      } catch (fault) {
        hearOf(watch, fault)
        throw fault
      }
    },
    forget: (scope, refused) => tokens.forget(scope, refused),
  }
}

/** A refusal of anything but the app says that Teams took the app; a limit says neither this nor that. */
function hearOf(watch: CallWatch, fault: unknown): void {
  // It was heard when it was new.
  if (fault instanceof ConnectorFault && fault.isRemembered) return
  const code = codeOf(fault)
  if (lastingFix(fault) !== null) watch.refused(code)
  else if (outcomeOf(fault) === 'refused') watch.answered()
  else if (code !== 'rate_limited') watch.unanswered(code)
}

function outcomeOf(fault: unknown): EndedCall['outcome'] {
  if (lastingFix(fault) !== null) return 'app_refused'
  if (!(fault instanceof ConnectorFault)) return 'broken'
  const { code, status, unknown } = fault
  if (code === 'rate_limited' || status === 429) return 'rate_limited'
  if (status === null) return 'unreachable'
  return status < 500 && !unknown ? 'refused' : 'broken'
}
