import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type Channel, ChannelFault } from '../approvals/channelPort.ts'
import type { Health } from '../approvals/ports.ts'
import { keepTrying } from '../lifetime/keepTrying.ts'
import type { Slack } from './app.ts'
import { WrongToken } from './identity.ts'
import { slackFault } from './outbound/fault.ts'
import { partOf } from './outbound/reach.ts'
import { lastingFix } from './outbound/tokenFaults.ts'

/** Milliseconds before Slack is asked again who we are; they double. */
const waits = { firstWaitMs: 500, longestWaitMs: 30_000 } as const

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
 * Connects to Slack. One call that fails is no reason not to start: what may pass is tried again, later and later, while
 * the server is up without Slack. Until then Slack's deliveries get 503, so that Slack tells the people or tries again,
 * and nothing can be posted.
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
  const { connect, health, log, workspace } = options
  const ending = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal
  const late = lateSlack(() => ending.abort(new Error('stopped before Slack answered')))
  let isFirst = true
  return new Promise((resolve, reject) => {
    const attempt = async () => {
      const slack = await connect()
      // Nobody waits for it any more.
      if (signal.aborted) await slack.stop()
      return slack
    }
    const onFault = (fault: unknown, waitMs: number) => {
      isFirst = false
      log.warn({ says: saysOf(fault), waitMs }, 'Slack did not say who we are; asking again')
      sayAway(health, fault, workspace)
      resolve(late.slack)
    }
    keepTrying(attempt, {
      ...waits,
      signal,
      askedToWaitMs,
      onFault,
      // Of several workspaces one that refuses us stops only itself.
      mayPass: (fault) => !isFirst || (workspace ? !(fault instanceof WrongToken) : mayPass(fault)),
    }).then((slack) => {
      late.arrived(slack)
      health.clear('channel_away', partOf('start', workspace))
      if (!workspace) health.clear('nobody_reachable', 'start')
      resolve(slack)
    }, reject)
  })
}

function sayAway(health: Health, fault: unknown, workspace?: string): void {
  const where = workspace ? ` in ${workspace}` : ''
  const detail = `Slack has not said yet who we are${where} (${saysOf(fault)}); we keep asking.`
  health.raise('channel_away', detail, partOf('start', workspace))
  if (!workspace) health.raise('nobody_reachable', detail, 'start')
}

/** Stands in Slack's place until it has arrived. `giveUp` ends the waiting for it. */
function lateSlack(giveUp: () => void): {
  readonly slack: Slack
  readonly arrived: (slack: Slack) => void
} {
  let found: Slack | null = null
  return {
    arrived: (slack) => {
      found = slack
    },
    slack: {
      handle: async (req, res) => (found ? found.handle(req, res) : notYet(res)),
      start: async () => undefined,
      stop: async () => {
        giveUp()
        await found?.stop()
      },
      // Slack tries an event again, and tells the person of a click.
      hear: async (event) => {
        if (!found) throw new Error('Slack has not said yet who we are')
        await found.hear(event)
      },
      channel: lateChannel(() => found?.channel ?? null),
    },
  }
}

async function notYet(res: ServerResponse): Promise<void> {
  res.writeHead(503, { 'retry-after': '2' }).end()
}

/** Refuses whatever is to be told until Slack is there: its job is tried again. */
function lateChannel(find: () => Channel | null): Channel {
  const here = (): Channel => {
    const channel = find()
    if (channel) return channel
    const message = 'Slack has not said yet who we are; this will be tried again'
    throw new ChannelFault({ code: 'channel_away', message, unknown: false })
  }
  return {
    post: async (...about) => here().post(...about),
    update: async (...about) => here().update(...about),
    disown: async (...about) => here().disown(...about),
    mayTell: async (...about) => here().mayTell(...about),
    tell: async (...about) => here().tell(...about),
    remind: async (...about) => here().remind(...about),
    alarm: async (...about) => here().alarm(...about),
    answer: async (...about) => here().answer(...about),
    question: async (...about) => here().question(...about),
    postedAt: async (...about) => here().postedAt(...about),
    askToConfirm: async (...about) => here().askToConfirm(...about),
    tellOfToken: async (...about) => here().tellOfToken(...about),
    tellOfDelegation: async (...about) => here().tellOfDelegation(...about),
    soundDisowned: async (...about) => here().soundDisowned(...about),
    soundAccount: async (...about) => here().soundAccount(...about),
    postCrowd: async (...about) => here().postCrowd(...about),
    showCrowd: async (...about) => here().showCrowd(...about),
    remindCrowd: async (...about) => here().remindCrowd(...about),
    tellNews: async (...about) => here().tellNews(...about),
    tellKeyEnd: async (...about) => here().tellKeyEnd(...about),
  }
}
