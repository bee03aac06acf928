/** The Bot Connector: what a bot writes, changes and takes away, and who is in a conversation. */
import { z } from 'zod'
import { checkedCard, checkSize } from './cardCheck.ts'
import type { CallKind } from './faults.ts'
import { memberObject } from './graph.ts'
import type { TeamsLimits } from './limits.ts'
import { TeamsError } from './teamsError.ts'
import {
  addMessage,
  findMessage,
  findPerson,
  openChat,
  replaceMessage,
  type StoredConversation,
  type StoredMessage,
  type Tenant,
} from './tenant.ts'

export interface ConnectorRequest {
  readonly method: string
  /** Below `/v3/`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
}

export interface ConnectorCall {
  readonly kind: CallKind
  run(): { readonly status: number; readonly body: unknown }
}

export interface ConnectorParts {
  readonly tenant: Tenant
  readonly limits: TeamsLimits
}

/** What the request asks for. Throws for what the connector does not have. */
export function connectorCall(parts: ConnectorParts, request: ConnectorRequest): ConnectorCall {
  const [first, id = '', what, which = ''] = request.path.split('/').map(decodeURIComponent)
  if (first !== 'conversations') throw noRoute()
  const at = placeOf(id)
  const route = `${request.method} ${what ?? ''}${which === '' ? '' : '/*'}`
  if (id === '' && request.method === 'POST') return { kind: 'chat', run: () => chat(parts, request.body) }
  switch (route) {
    case 'POST activities':
      return request.query.get('isTargetedActivity') === 'true'
        ? { kind: 'whisper', run: () => whisper(parts, at, request.body) }
        : { kind: 'post', run: () => post(parts, at, request.body) }
    case 'PUT activities/*':
      return { kind: 'update', run: () => update(parts, { ...at, id: which }, request.body) }
    case 'DELETE activities/*':
      return { kind: 'delete', run: () => remove(parts, { ...at, id: which }) }
    case 'GET pagedmembers':
      return { kind: 'member', run: () => pagedMembers(parts, at) }
    case 'GET members/*':
      return { kind: 'member', run: () => member(parts, at, which) }
    default:
      throw noRoute()
  }
}

interface Place {
  readonly conversation: string
  readonly root: string | null
}

/** A thread is its conversation with `;messageid=` and the message that it hangs from. */
function placeOf(id: string): Place {
  const [conversation = '', root = ''] = id.split(';messageid=')
  return { conversation, root: root === '' ? null : root }
}

const account = z.object({ id: z.string().min(1) })

const opened = z.object({
  members: z.array(account).length(1),
  isGroup: z.literal(false).optional(),
  tenantId: z.string().optional(),
  channelData: z.object({ tenant: account }).optional(),
})

function chat({ tenant, limits }: ConnectorParts, body: string) {
  const asked = parsed(opened, body)
  if ((asked.tenantId ?? asked.channelData?.tenant.id) !== tenant.id)
    throw bad('BadArgument', 'tenantId is missing')
  throttle(limits, 'chats')
  const person = findPerson(tenant, asked.members[0]?.id ?? '')
  if (
    person === undefined ||
    !person.enabled ||
    person.tenant !== tenant.id ||
    tenant.without.has(person.id)
  ) {
    throw new TeamsError(403, 'ForbiddenOperationException', {
      message: "The bot is not installed in user's personal scope",
    })
  }
  return { status: 201, body: { id: openChat(tenant, person.id).id } }
}

const activity = z.object({
  type: z.literal('message'),
  summary: z.string().max(1_000).optional(),
  text: z.string().optional(),
  textFormat: z.string().optional(),
  recipient: account.optional(),
  attachments: z
    .array(
      z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: z.unknown() }),
    )
    .max(1)
    .optional(),
})

function post(parts: ConnectorParts, at: Place, body: string) {
  const { tenant } = parts
  open(parts, at.conversation)
  const message = addMessage(tenant, {
    ...drafted(parts, body),
    ...at,
    root: rootOf(tenant, at),
    onlyFor: null,
  })
  return { status: 201, body: { id: message.id } }
}

/** A message that one person of the conversation sees, for a day. */
function whisper(parts: ConnectorParts, at: Place, body: string) {
  const { tenant } = parts
  const conversation = open(parts, at.conversation)
  const { recipient } = parsed(activity, body)
  const person = recipient === undefined ? undefined : findPerson(tenant, recipient.id)
  if (person === undefined || !conversation.members.includes(person.id)) {
    throw new TeamsError(400, 'BadRequest', {
      message: 'The recipient of a targeted message has to be in the conversation.',
    })
  }
  const draft = { ...drafted(parts, body), ...at, root: rootOf(tenant, at), onlyFor: person.id }
  return { status: 201, body: { id: addMessage(tenant, draft).id } }
}

function update(parts: ConnectorParts, at: Place & { id: string }, body: string) {
  const { tenant } = parts
  open(parts, at.conversation)
  const before = own(tenant, at)
  replaceMessage(tenant, { ...before, ...drafted(parts, body), version: before.version + 1 })
  return { status: 200, body: { id: before.id } }
}

function remove(parts: ConnectorParts, at: Place & { id: string }) {
  open(parts, at.conversation)
  const before = own(parts.tenant, at)
  replaceMessage(parts.tenant, {
    ...before,
    deleted: true,
    card: null,
    text: '',
    version: before.version + 1,
  })
  return { status: 200, body: {} }
}

function member(parts: ConnectorParts, at: Place, named: string) {
  const conversation = reached(parts.tenant, at.conversation)
  const person = findPerson(parts.tenant, named)
  if (person === undefined || !conversation.members.includes(person.id)) {
    throw new TeamsError(404, 'MemberNotFoundInConversation', {
      message: 'The member was not found in the conversation.',
    })
  }
  return { status: 200, body: memberObject(person) }
}

/** Everybody on one page: no conversation here has as many as fill one. */
function pagedMembers({ tenant }: ConnectorParts, at: Place) {
  const { members } = reached(tenant, at.conversation)
  const people = members.flatMap((id) => findPerson(tenant, id) ?? [])
  return { status: 200, body: { members: people.map(memberObject) } }
}

/** A conversation that the app may write into now. */
function open({ tenant, limits }: ConnectorParts, id: string): StoredConversation {
  const conversation = reached(tenant, id)
  throttle(limits, id)
  return conversation
}

function reached(tenant: Tenant, id: string): StoredConversation {
  const conversation = tenant.conversations.get(id)
  if (conversation === undefined)
    throw new TeamsError(404, 'ConversationNotFound', { message: 'Conversation not found.' })
  const team = conversation.team === null ? null : tenant.teams.get(conversation.team)
  const gone =
    conversation.kind === 'chat' && conversation.members.some((person) => tenant.without.has(person))
  if (team?.installed === false || gone) {
    throw new TeamsError(403, 'BotNotInConversationRoster', {
      message: 'The bot is not part of the conversation roster.',
    })
  }
  return conversation
}

function throttle(limits: TeamsLimits, conversation: string): void {
  const wait = limits.wait(conversation)
  if (wait > 0)
    throw new TeamsError(429, 'TooManyRequests', { message: 'API calls quota exceeded', retryAfter: wait })
}

/** The message that a reply hangs from: a thread does not begin below a reply. */
function rootOf(tenant: Tenant, { conversation, root }: Place): string | null {
  if (root === null) return null
  const found = findMessage(tenant, conversation, root)
  if (found === undefined) throw bad('BadRequest', 'Root message not found.')
  return found.root ?? found.id
}

function own(tenant: Tenant, at: Place & { id: string }): StoredMessage {
  const found = findMessage(tenant, at.conversation, at.id)
  if (found === undefined)
    throw new TeamsError(404, 'ActivityNotFoundInConversation', { message: 'The message was not found.' })
  if (found.from !== null)
    throw new TeamsError(403, 'MessageWritesBlocked', { message: 'Only the sender can change it.' })
  return found
}

function drafted({ tenant }: ConnectorParts, body: string) {
  checkSize(body)
  const sent = parsed(activity, body)
  const attached = sent.attachments?.[0]
  const card = attached === undefined ? null : checkedCard(tenant, attached.content)
  const text = sent.text ?? sent.summary ?? ''
  if (card === null && text === '')
    throw bad('BadSyntax', 'Activity must include non empty text field or at least one attachment.')
  return { from: null, text, card }
}

function parsed<T>(shape: z.ZodType<T>, body: string): T {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw bad('BadSyntax', 'The body is no JSON.')
  }
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw bad('BadSyntax', `${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'is wrong'}`)
}

function bad(code: string, message: string): TeamsError {
  return new TeamsError(400, code, { message })
}

function noRoute(): TeamsError {
  return new TeamsError(404, 'NotFound', { message: 'No such call.' })
}
