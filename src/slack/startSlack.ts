import type { Logger } from 'pino'
import type { Health } from '../approvals/ports.ts'
import { lateChannel } from '../channels/lateChannel.ts'
import { notYet, startChannel } from '../channels/startChannel.ts'
import type { Slack } from './app.ts'
import { WrongToken } from './identity.ts'
import { slackFault } from './outbound/fault.ts'
import { partOf } from './outbound/reach.ts'
import { lastingFix } from './outbound/tokenFaults.ts'

/** True unless somebody has to change something before Slack takes us. */
export function mayPass(fault: unknown): boolean {
  return !(fault instanceof WrongToken) && lastingFix(slackFault(fault).code) === null
}

/** What Slack said, for the operator: its own word, or our sentence about the token. */
export function saysOf(fault: unknown): string {
  if (fault instanceof WrongToken) return fault.message
  const { code } = slackFault(fault)
  if (code !== 'unexpected') return code
  return fault instanceof Error ? fault.message.slice(0, 200) : 'no answer'
}

/** What to do about a fault that does not pass, as a sentence; empty when we know nothing better than to look. */
export function fixOf(fault: unknown): string {
  const fix = lastingFix(slackFault(fault).code)
  return fix ? `${fix[0]?.toUpperCase()}${fix.slice(1)}.` : ''
}

/** Milliseconds that Slack asked us to wait, if it did. */
function askedToWaitMs(fault: unknown): number | null {
  const seconds = slackFault(fault).retryAfterSeconds
  return seconds === null ? null : seconds * 1_000
}

/**
 * Connects to Slack. Until it is there Slack's deliveries get 503, so that Slack tells the people or tries again, and nothing can be
 * posted.
 *
 * @throws the fault of the first attempt when waiting cannot change it, or the reason of `signal`
 */
export function startSlack(options: {
  /** One attempt, from asking who we are to a Slack that has started. */
  readonly connect: () => Promise<Slack>
  readonly health: Health
  readonly log: Logger
  /** Of several workspaces, one that is not the first: while it is away, others may reach people. */
  readonly workspace?: string
  readonly signal?: AbortSignal | undefined
}): Promise<Slack> {
  const { workspace } = options
  return startChannel<Slack>({
    ...options,
    name: workspace ? `Slack in ${workspace}` : 'Slack',
    part: partOf('start', workspace),
    isBeside: workspace !== undefined,
    late: lateSlack,
    saysOf,
    askedToWaitMs,
    // Of several workspaces one that refuses us stops only itself.
    mayPass: (fault) => (workspace ? !(fault instanceof WrongToken) : mayPass(fault)),
  })
}

/** Stands in Slack's place until it has arrived. */
function lateSlack(find: () => Slack | null): Omit<Slack, 'stop'> {
  return {
    handle: async (req, res) => find()?.handle(req, res) ?? notYet(res),
    start: async () => undefined,
    // Slack tries an event again, and tells the person of a click.
    hear: async (event) => {
      const slack = find()
      if (!slack) throw new Error('Slack has not said yet who we are')
      await slack.hear(event)
    },
    channel: lateChannel('Slack', () => find()?.channel ?? null),
  }
}
