import {
  type FetchFunction,
  type Logger,
  LogLevel,
  type WebAPICallResult,
  WebAPIPlatformError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api'
import type { Logger as Log } from 'pino'
import type { CallWatch } from '../../channels/reach.ts'
import { inSpan } from '../../tracing/span.ts'
import { type BotToken, outdated } from './botToken.ts'
import { type EndedCall, methodOf, outcomeOf } from './endedCall.ts'
import { slackFault } from './fault.ts'
import { refusalsOfToken } from './tokenFaults.ts'

export interface SlackAccess {
  /** Empty where it changes: `rotating` has it then. */
  readonly botToken: string
  /** Where the app's tokens rotate. */
  readonly rotating?: BotToken | null
  /** Sent with each call of an organisation-wide install: which workspace it is about, where Slack has to know. */
  readonly teamId?: string | null
  /** GovSlack and the sandbox have another one; Slack's own when null. */
  readonly apiUrl: string | null
}

/** Milliseconds after which a call to Slack counts as unanswered. */
export const callTimeout = { clicks: 5_000, posts: 10_000 } as const

/**
 * Two clients, because a client that meets a rate limit can hold up all of its calls: what answers a click never waits
 * behind what posts cards. Neither tries again by itself: a posting that timed out may stand there, and only its job
 * knows how to find out.
 */
export interface SlackClients {
  readonly clicks: WebClient
  readonly posts: WebClient
}

/** Who hears of the calls: whether Slack takes us, and, where somebody counts them, how each ended. */
export interface ClientsWatch extends CallWatch {
  readonly ended?: (call: EndedCall) => void
}

/** `watch` hears how each call ended. */
export function createClients(access: SlackAccess, log: Log, watch: ClientsWatch): SlackClients {
  const client = (timeout: number) =>
    new WatchedClient(access, clientOptions(access, { log, timeout }), watch)
  return { clicks: client(callTimeout.clicks), posts: client(callTimeout.posts) }
}

/** Slack's client, which tells how each call ended. */
class WatchedClient extends WebClient {
  readonly #watch: ClientsWatch
  readonly #rotating: BotToken | null

  constructor(access: SlackAccess, options: WebClientOptions, watch: ClientsWatch) {
    super(access.rotating ? undefined : access.botToken, options)
    this.#watch = watch
    this.#rotating = access.rotating ?? null
  }

  override apiCall(...call: Parameters<WebClient['apiCall']>): Promise<WebAPICallResult> {
    const method = methodOf(call[0])
    return inSpan({ name: `slack ${method}`, kind: 'client' }, async (note) => {
      const began = performance.now()
      const end = (outcome: EndedCall['outcome']) => {
        note({ 'countersign.outcome': outcome })
        this.#watch.ended?.({ method, outcome, seconds: (performance.now() - began) / 1_000 })
      }
      try {
        const answer = await this.#call(...call)
        this.#watch.answered()
        end('ok')
        return answer
      } catch (error) {
        hearOf(this.#watch, error)
        end(outcomeOf(error))
        throw error
      }
    })
  }

  /** With the token of now. A call that Slack refused because of an older one had no effect, so it is made again. */
  async #call(...[method, options]: Parameters<WebClient['apiCall']>): Promise<WebAPICallResult> {
    const rotating = this.#rotating
    if (!rotating) return super.apiCall(method, options)
    const token = await rotating.current()
    try {
      return await super.apiCall(method, { ...options, token })
    } catch (error) {
      const { code } = slackFault(error)
      if (!outdated.includes(code)) throw error
      const other = await rotating.after(token, code)
      if (other === token) throw error
      return super.apiCall(method, { ...options, token: other })
    }
  }
}

/** A refusal of anything but the token says that Slack took the token; a limit says neither this nor that. */
function hearOf(watch: CallWatch, error: unknown): void {
  const { code, unknown } = slackFault(error)
  if (Object.hasOwn(refusalsOfToken, code)) watch.refused(code)
  else if (error instanceof WebAPIPlatformError && !unknown) watch.answered()
  else if (code !== 'rate_limited') watch.unanswered(code)
}

/** A fresh object each time: the socket client changes the one it is given. */
export function clientOptions(
  access: Pick<SlackAccess, 'apiUrl' | 'teamId'>,
  settings: { readonly log: Log; readonly timeout: number },
): WebClientOptions {
  return {
    ...(access.apiUrl === null ? {} : { slackApiUrl: access.apiUrl }),
    ...(access.teamId ? { teamId: access.teamId } : {}),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    timeout: settings.timeout,
    logger: slackLogger(settings.log),
    fetch: boundedFetch(settings.timeout),
  }
}

/** Bolt posts to a `response_url` without a time limit of its own; this is one. */
function boundedFetch(timeout: number): FetchFunction {
  return (url, init) => {
    const limit = AbortSignal.timeout(timeout)
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit
    return fetch(url, { ...init, signal })
  }
}

/**
 * Slack's libraries log into ours, warnings and errors only: below that they print whole payloads. Their texts may
 * hold what they were about, so only the first argument is kept, and cut.
 */
export function slackLogger(log: Log): Logger {
  const say = (level: 'warn' | 'error') => (first: unknown) =>
    log[level](
      { says: String(first instanceof Error ? first.message : first).slice(0, 300) },
      'slack library',
    )
  return {
    debug: () => {},
    info: () => {},
    warn: say('warn'),
    error: say('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  }
}
