import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Health } from '../../approvals/ports.ts'
import { callTimeout, clientOptions, type SlackAccess, slackLogger } from '../outbound/clients.ts'
import { keepConnected } from './connection.ts'

/** Milliseconds within which Slack says hello on a new connection. */
const helloWithin = 15_000

/**
 * Socket Mode for Bolt, with a way of connecting again that is ours. The library's own waits five seconds each time,
 * gives up for good when it cannot reach Slack, and then ends the process by an unhandled rejection; and it takes a
 * connection that Slack ends at once for a success.
 */
export function createSocketReceiver(options: {
  readonly appToken: string
  readonly access: SlackAccess
  readonly health: Health
  readonly elapsed: () => number
  readonly log: Logger
}): Receiver {
  const { appToken, access, health, elapsed, log } = options
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
  const { client } = receiver
  let reason: string | null = null
  let stopped = false
  const connect = async () => {
    reason = null
    const silent = setTimeout(() => void client.disconnect(), helloWithin)
    try {
      await client.start()
      // It was on its way when we were told to stop.
      if (stopped) await client.disconnect()
    } finally {
      clearTimeout(silent)
    }
  }
  const line = keepConnected({ connect, health, log, elapsed, later })
  client.on('ws_message', (message: unknown) => {
    reason = goodbyeIn(message) ?? reason
  })
  client.on('error', () => log.warn('the socket to Slack failed'))
  client.on('disconnected', () => line.lost(reason))
  return {
    init: (app: App) => receiver.init(app),
    start: () => line.start(),
    stop: async () => {
      stopped = true
      line.end()
      await receiver.stop()
    },
  }
}

const goodbye = z.object({ type: z.literal('disconnect'), reason: z.string().max(100) })

/** Why Slack ends the connection, if this message says that it does. */
function goodbyeIn(message: unknown): string | null {
  // Most messages are deliveries: those are not parsed twice.
  if (typeof message !== 'string' || message.length > 1_000) return null
  try {
    return goodbye.safeParse(JSON.parse(message)).data?.reason ?? null
  } catch {
    return null
  }
}

function later(work: () => void, milliseconds: number): () => void {
  const timer = setTimeout(work, milliseconds)
  return () => clearTimeout(timer)
}
