import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { callTimeout, clientOptions, type SlackAccess, slackLogger } from './clients.ts'
import { slackFault } from './fault.ts'

/** Milliseconds before the second, third, … attempt to connect again; the first is made at once. */
const firstWait = 250
const longestWait = 30_000

/**
 * Socket Mode for Bolt, with a way of connecting again that is ours. The library's own waits five seconds each time,
 * gives up for good when it cannot reach Slack, and then ends the process by an unhandled rejection (facts 4.5, 7).
 */
export function createSocketReceiver(options: {
  readonly appToken: string
  readonly access: SlackAccess
  readonly log: Logger
}): Receiver {
  const { appToken, access, log } = options
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: slackLogger(log),
    installerOptions: { clientOptions: clientOptions(access, { log, timeout: callTimeout.clicks }) },
    // Not acknowledging is the honest answer to what we could not process: Slack tells the person.
    processEventErrorHandler: async ({ error }) => {
      log.error({ err: error }, 'a Slack delivery failed')
      return false
    },
  })
  const line = keepConnected(() => receiver.client.start(), log)
  receiver.client.on('error', () => log.warn('the socket to Slack failed'))
  receiver.client.on('disconnected', () => line.lost())
  return {
    init: (app: App) => receiver.init(app),
    start: () => line.connect(),
    stop: async () => {
      line.end()
      await receiver.stop()
    },
  }
}

/** Connects, and connects again whenever the connection is lost, until it is ended. */
function keepConnected(connect: () => Promise<unknown>, log: Logger) {
  let ended = false
  let connecting = false
  let timer: NodeJS.Timeout | undefined

  const attempt = async (): Promise<void> => {
    connecting = true
    try {
      await connect()
    } finally {
      connecting = false
    }
  }
  const again = (wait: number): void => {
    timer = setTimeout(async () => {
      try {
        await attempt()
        log.info('connected to Slack again')
      } catch (error) {
        log.error({ code: slackFault(error).code }, 'could not connect to Slack; trying again')
        if (!ended) again(Math.min(Math.max(wait * 2, firstWait), longestWait))
      }
    }, wait)
  }
  return {
    connect: attempt,
    /** A connection that breaks while it is made is told by `connect` as well, and tried again there. */
    lost: () => {
      if (!ended && !connecting) again(0)
    },
    end: () => {
      ended = true
      clearTimeout(timer)
    },
  }
}
