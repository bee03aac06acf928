import type { Logger } from 'pino'
import type { Health } from '../approvals/ports.ts'
import { lateChannel } from '../channels/lateChannel.ts'
import { notYet, startChannel } from '../channels/startChannel.ts'
import type { Teams } from './app.ts'
import { ConnectorFault } from './outbound/fault.ts'
import { codeOf, isWrong, lastingFix } from './outbound/refusals.ts'

/** What Teams said, for the operator: its own word. */
export function saysOf(fault: unknown): string {
  const code = codeOf(fault)
  return code === 'unexpected' && fault instanceof Error ? fault.message.slice(0, 200) : code
}

/** What to do about a fault that does not pass, as a sentence; empty when we know nothing better than to look. */
export function fixOf(fault: unknown): string {
  const fix = lastingFix(fault)
  return fix ? `${fix[0]?.toUpperCase()}${fix.slice(1)}.` : ''
}

/** True unless somebody has to change something before Teams takes us. */
export function mayPass(fault: unknown): boolean {
  return lastingFix(fault) === null
}

/**
 * Connects to Teams. Until it is there its deliveries get 503, so that Teams tells the people, and nothing can be posted.
 *
 * @throws the fault of the first attempt when waiting cannot change it, or the reason of `signal`
 */
export function startTeams(options: {
  /** One attempt, from a token to a Teams that has started. */
  readonly connect: () => Promise<Teams>
  readonly health: Health
  readonly log: Logger
  /** True where another channel reaches people: a secret that has expired then stops only Teams, as long as it was right once. */
  readonly isBeside: boolean
  readonly signal?: AbortSignal | undefined
}): Promise<Teams> {
  const { isBeside, ...starting } = options
  return startChannel<Teams>({
    ...starting,
    name: 'Teams',
    part: 'start teams',
    isBeside: false,
    late: lateTeams,
    saysOf,
    askedToWaitMs,
    mayPass: (fault) => (isBeside ? !isWrong(fault) : mayPass(fault)),
  })
}

function askedToWaitMs(fault: unknown): number | null {
  const seconds = fault instanceof ConnectorFault ? fault.retryAfterSeconds : null
  return seconds === null ? null : seconds * 1_000
}

/** Stands in the place of Teams until it has arrived. */
function lateTeams(find: () => Teams | null): Omit<Teams, 'stop'> {
  return {
    handle: async (req, res) => find()?.handle(req, res) ?? notYet(res),
    start: async () => undefined,
    channel: lateChannel('Teams', () => find()?.channel ?? null),
  }
}
