import { z } from 'zod'
import type { TeamsAccess } from '../access.ts'
import type { AdaptiveCard } from '../card/elements.ts'
import { type Answered, type Call, call, jsonIn } from './call.ts'
import { ConnectorFault } from './fault.ts'
import type { Tokens } from './tokens.ts'

/** What is posted: a card, and the text that notifications use instead. */
export interface TeamsMessage {
  readonly summary: string
  readonly card: AdaptiveCard
}

/** The calls that Teams takes from us. Each throws a `ConnectorFault` when Teams refuses or fails; none is tried again. */
export interface Connector {
  /** Posts into a conversation, or into the thread under `root`; resolves to the message's id. */
  post(
    to: { readonly conversation: string; readonly root?: string | undefined },
    message: TeamsMessage,
  ): Promise<string>
  update(at: { readonly conversation: string; readonly id: string }, message: TeamsMessage): Promise<void>
  /** Shows a message in a conversation to one of its people only, for at most a day. */
  whisper(
    to: { readonly conversation: string; readonly root?: string | undefined; readonly person: string },
    message: TeamsMessage,
  ): Promise<void>
  /** The conversation with one person alone, which is opened if there is none. `person` is an object id of Entra. */
  chatWith(person: string): Promise<string>
}

export interface ConnectorOptions {
  readonly access: TeamsAccess
  readonly tokens: Tokens
  /** Milliseconds for one call; `callTimeout` where nothing is said. */
  readonly limit?: number | undefined
}

/** Milliseconds after which a call counts as unanswered. */
const callTimeout = 10_000

const named = z.object({ id: z.string().min(1).max(500) })

/** What is sent goes to the connector that is configured: no address that a delivery names ever gets our token. */
export function createConnector(options: ConnectorOptions): Connector {
  const conversations = `${options.access.services.connector}/v3/conversations`
  const at = ({ conversation, root }: { conversation: string; root?: string | undefined }) =>
    `${conversations}/${encodeURIComponent(root === undefined ? conversation : `${conversation};messageid=${root}`)}/activities`
  const send = (sent: Pick<Call, 'method' | 'url'> & { readonly body: unknown }) => withToken(options, sent)
  return {
    post: async (to, message) => idIn(await send({ method: 'POST', url: at(to), body: activityOf(message) })),
    async update({ conversation, id }, message) {
      const url = `${at({ conversation })}/${encodeURIComponent(id)}`
      await send({ method: 'PUT', url, body: { ...activityOf(message), id } })
    },
    async whisper(to, message) {
      const body = { ...activityOf(message), recipient: { id: to.person } }
      await send({ method: 'POST', url: `${at(to)}?isTargetedActivity=true`, body })
    },
    async chatWith(person) {
      const { appId, tenant } = options.access
      const body = {
        bot: { id: `28:${appId}` },
        members: [{ id: person }],
        isGroup: false,
        tenantId: tenant,
        channelData: { tenant: { id: tenant } },
      }
      return idIn(await send({ method: 'POST', url: conversations, body }))
    },
  }
}

function activityOf({ summary, card }: TeamsMessage) {
  return {
    type: 'message',
    summary,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  }
}

function idIn(answer: Answered): string {
  const read = named.safeParse(jsonIn(answer))
  if (!read.success) throw new ConnectorFault({ code: 'unexpected', status: answer.status, unknown: true })
  return read.data.id
}

/** A call that was refused because of its token had no effect, so it is made once more, with another one. */
async function withToken(
  { tokens, limit = callTimeout }: ConnectorOptions,
  { method, url, body }: Pick<Call, 'method' | 'url'> & { readonly body: unknown },
): Promise<Answered> {
  const once = (token: string) =>
    call({
      method,
      url,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(body),
      limit,
    })
  const token = await tokens.tokenFor('connector')
  const first = await once(token)
  if (first.status !== 401) return answered(first)
  tokens.forget('connector', token)
  const another = await tokens.tokenFor('connector')
  const again = await once(another)
  // Whoever comes next asks for another one: this one is no good either.
  if (again.status === 401) tokens.forget('connector', another)
  return answered(again)
}

const refused = z.object({ error: z.object({ code: z.string().regex(/^[A-Za-z]\w{0,79}$/) }) })

/** @throws ConnectorFault */
function answered(answer: Answered): Answered {
  const { status, retryAfterSeconds } = answer
  if (status >= 200 && status < 300) return answer
  throw new ConnectorFault({
    code: codeOf(answer),
    status,
    // Something broke on the way, perhaps after it was done; a redirect is nothing that Teams does.
    unknown: status >= 500 || status < 400,
    retryAfterSeconds,
  })
}

function codeOf({ status, text }: Answered): string {
  if (status === 429) return 'rate_limited'
  if (status >= 500) return `http_${status}`
  if (status === 401) return 'Unauthorized'
  try {
    return refused.parse(JSON.parse(text)).error.code
  } catch {
    return `http_${status}`
  }
}
