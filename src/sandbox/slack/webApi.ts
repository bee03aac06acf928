/** `POST /sandbox/slack/api/METHOD`: who calls, what with, how often; then the method itself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Args, optionalText, parseArgs } from './args.ts'
import type { Faults } from './faults.ts'
import { appMethods } from './methods/apps.ts'
import { chatMethods } from './methods/chat.ts'
import { conversationMethods } from './methods/conversations.ts'
import type { Context, Method, Methods } from './methods/method.ts'
import { userMethods } from './methods/users.ts'
import { viewMethods } from './methods/views.ts'
import { readBody, sendJson, sendRateLimited, underFault } from './reply.ts'
import { SlackError } from './slackError.ts'

const methods: Methods = {
  ...appMethods,
  ...chatMethods,
  ...conversationMethods,
  ...userMethods,
  ...viewMethods,
}

/** One call that the app made, kept for assertions; `args` never holds the token. */
export interface Call {
  readonly method: string
  readonly args: Args
  /** Epoch milliseconds. */
  readonly at: number
}

export interface WebApi {
  /** Every call, oldest first; in the long run only the newest are kept. */
  readonly calls: readonly Call[]
  handle(method: string, request: IncomingMessage, response: ServerResponse): Promise<void>
}

const callsKept = 5000

/** The Web API of one local Slack. */
export function createWebApi(
  context: Context,
  access: { readonly appToken: string; readonly faults: Faults },
): WebApi {
  const calls: Call[] = []
  return {
    calls,
    async handle(name, request, response) {
      try {
        const args = parseArgs(request.headers['content-type'], await readBody(request))
        const { token: _token, client_secret: _secret, refresh_token: _refresh, ...recorded } = args
        calls.push({ method: name, args: recorded, at: context.workspace.now() })
        if (calls.length > callsKept) calls.splice(0, calls.length - callsKept)
        await underFault(access.faults.take(name), response, {
          work: () => perform(context, { name, args, access, authorization: request.headers.authorization }),
          answer: (result) =>
            sendJson(response, { ok: true, ...result }, { headers: scopeHeaders(context, name) }),
        })
      } catch (error) {
        refuse(context, response, error)
      }
    },
  }
}

interface Attempt {
  readonly name: string
  readonly args: Args
  readonly access: { readonly appToken: string }
  readonly authorization: string | undefined
}

function perform(context: Context, attempt: Attempt): Readonly<Record<string, unknown>> {
  const { name, args } = attempt
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined
  if (method === undefined) throw new SlackError('unknown_method', { req_method: name })
  authorize(context, method, attempt)
  if (method.scope !== null && !context.scopes.includes(method.scope)) {
    throw new SlackError('missing_scope', { needed: method.scope, provided: context.scopes.join(',') })
  }
  const wait = context.limits.methodWait(name)
  if (wait > 0) throw new SlackError('ratelimited', { retryAfter: wait })
  return method.run(context, args)
}

/** The right kind of token, in the header or as an argument. */
function authorize(context: Context, method: Method, { args, access, authorization }: Attempt): void {
  if (method.token === 'none') return
  const token = authorization?.replace(/^Bearer\s+/i, '') || optionalText(args, 'token')
  if (token === undefined) throw new SlackError('not_authed')
  const isApp = token === access.appToken
  if (!isApp) context.tokens.check(token)
  if (isApp !== (method.token === 'app')) throw new SlackError('not_allowed_token_type')
}

function scopeHeaders(context: Context, name: string): Record<string, string> {
  const accepted = methods[name]?.scope ?? ''
  return { 'x-oauth-scopes': context.scopes.join(','), 'x-accepted-oauth-scopes': accepted }
}

function refuse(context: Context, response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return
  if (!(error instanceof SlackError)) {
    sendJson(response, { ok: false, error: 'fatal_error' }, { status: 500 })
    return
  }
  if (error.code === 'ratelimited') {
    sendRateLimited(response, Number(error.details.retryAfter))
    return
  }
  sendJson(
    response,
    { ok: false, error: error.code, ...error.details },
    { headers: { 'x-oauth-scopes': context.scopes.join(',') } },
  )
}
