import type { Logger } from 'pino'
import type { Health } from '../../approvals/ports.ts'
import { WrongToken } from '../identity.ts'
import { slackFault } from '../outbound/fault.ts'
import { lastingFix } from '../outbound/tokenFaults.ts'

/** A connection that is made again whenever it is lost, until it is ended. */
export interface Line {
  /**
   * Connects, and goes on trying by itself when that fails. Resolves after the first attempt. @throws WrongToken when
   * Slack refuses the first attempt for a reason that does not pass by waiting
   */
  start(): Promise<void>
  /** The connection is gone; `reason` is Slack's own word, or null when it gave none. */
  lost(reason: string | null): void
  end(): void
}

export interface LineOptions {
  /** Resolves when Slack has said hello. */
  readonly connect: () => Promise<unknown>
  readonly health: Health
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Milliseconds that only ever grow. */
  readonly elapsed: () => number
  /** Does something after so many milliseconds. Returns how to call it off. */
  readonly later: (work: () => void, milliseconds: number) => () => void
}

/** Milliseconds that a connection has to last before it counts as a success. */
export const lastingMs = 30_000

/** Milliseconds before the next attempt; they double with each that comes to nothing. */
const waits = { failed: 250, ended: 1_000, longest: 30_000 } as const

/** Slack's words for "I renew this connection": nothing is wrong. */
const usual: readonly string[] = ['warning', 'refresh_requested']

/** What the operator does about a connection that Slack takes and then ends. */
const fixes: Readonly<Record<string, string>> = {
  link_disabled:
    'Socket Mode is switched off for the app. Switch it on in the app settings, or use HTTP: set SLACK_SIGNING_SECRET and remove SLACK_APP_TOKEN',
  too_many_websockets:
    'more than ten connections of this app are open. Stop what else uses SLACK_APP_TOKEN: other servers, or a deployment that starts over and over',
}
const appTokenFix =
  'create an app-level token with the scope connections:write, turn Socket Mode on, and set SLACK_APP_TOKEN'
const otherwise = 'check what is between this server and Slack: a proxy or firewall may close websockets'

/**
 * Keeps a socket to Slack open. A connection that Slack accepts and ends at once is no success: each one that did not
 * last makes the next wait longer, and only one that has lasted makes the waits short again. The operator hears of each
 * reason once, and `channel_away` stands until a connection has lasted.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one connection's states, which all its moves share
export function keepConnected(options: LineOptions): Line {
  const { connect, log, elapsed, later } = options
  const operator = operatorOf(options)
  /** When the connection that is open now was made; null when there is none. */
  let since: number | null = null
  let connecting: { lost: string | null | undefined } | null = null
  let futile = 0
  let ended = false
  let callOff = () => {}

  const lasted = () => {
    futile = 0
    operator.hearsItHolds()
  }
  const again = (wait: number) => {
    callOff()
    callOff = later(() => void attempt().catch(() => undefined), wait)
  }
  const backOff = (first: number) => Math.min(first * 2 ** (futile - 1), waits.longest)

  const attempt = async (): Promise<void> => {
    const mine = { lost: undefined as string | null | undefined } // undefined: not lost so far
    connecting = mine
    try {
      await connect()
    } catch (error) {
      connecting = null
      if (ended) return
      failed(typeof mine.lost === 'string' ? mine.lost : slackFault(error).code)
      throw error
    }
    connecting = null
    if (ended) return
    since = elapsed()
    callOff()
    callOff = later(lasted, lastingMs)
    // It said hello and was gone before we came to look.
    if (mine.lost !== undefined) lost(mine.lost)
  }
  const failed = (code: string) => {
    futile += 1
    log.warn({ code }, 'could not connect to Slack; trying again')
    operator.hears(code, fixes[code] ?? (lastingFix(code) === null ? 'it will be tried again' : appTokenFix))
    again(backOff(waits.failed))
  }
  const lost = (reason: string | null): void => {
    if (connecting) connecting.lost = reason
    if (ended || since === null) return
    const held = elapsed() - since >= lastingMs
    since = null
    if (held) lasted()
    else futile += 1
    const quiet = held || (futile === 1 && reason !== null && usual.includes(reason))
    if (!quiet) operator.hears(reason ?? 'closed', fixes[reason ?? ''] ?? otherwise)
    again(quiet ? 0 : backOff(waits.ended))
  }
  const end = () => {
    ended = true
    callOff()
  }
  const start = () =>
    attempt().catch((error: unknown) => {
      const { code } = slackFault(error)
      if (lastingFix(code) === null) return
      end()
      throw new WrongToken(`Slack refuses SLACK_APP_TOKEN (${code}); ${appTokenFix}`, { cause: error })
    })
  return { start, lost, end }
}

/** Tells the operator each reason once, until a connection has held. */
function operatorOf({ health, log }: Pick<LineOptions, 'health' | 'log'>) {
  const part = 'socket'
  const told = new Set<string>()
  return {
    hears(reason: string, fix: string): void {
      if (told.has(reason)) return
      told.add(reason)
      health.raise('channel_away', `The socket to Slack does not stay open (${reason}): ${fix}.`, part)
    },
    hearsItHolds(): void {
      // An earlier line that Slack refused for good, before somebody fixed that, may have raised it.
      health.clear('channel_away', part)
      if (told.size === 0) return
      told.clear()
      log.info('the socket to Slack stays open again')
    },
  }
}
