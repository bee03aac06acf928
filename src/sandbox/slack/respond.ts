/** What an app may say back to an interaction: at its response_url, or in a command's acknowledgement. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Args, flag, optionalText, parseArgs } from './args.ts'
import { type Content, readContent } from './draft.ts'
import type { Faults } from './faults.ts'
import {
  addEphemeral,
  addMessage,
  findEphemeral,
  findMessage,
  removeMessage,
  replaceMessage,
  withIds,
} from './messages.ts'
import type { Context } from './methods/method.ts'
import { readBody, sendJson, sendRateLimited, underFault } from './reply.ts'
import { SlackError } from './slackError.ts'
import type { ResponseTarget } from './triggers.ts'
import type { StoredConversation, StoredMessage } from './workspace.ts'

/** Addresses that are used up or too old are not found; anything else wrong is a bad request. */
const missing = ['expired_url', 'used_url', 'no_such_url']

/** Handles a POST to a response_url. */
export async function handleResponseUrl(
  context: Context,
  call: { id: string; request: IncomingMessage; response: ServerResponse; faults: Faults },
): Promise<void> {
  const { id, request, response, faults } = call
  try {
    const args = parseArgs(request.headers['content-type'] ?? 'application/json', await readBody(request))
    const wait = context.limits.postWait(`response ${id}`)
    if (wait > 0) return sendRateLimited(response, wait)
    await underFault(faults.take('response_url'), response, {
      work: () => respond(context, context.triggers.useResponse(id), args),
      answer: () => sendJson(response, { ok: true }),
    })
  } catch (error) {
    if (!(error instanceof SlackError))
      return sendJson(response, { ok: false, error: 'fatal_error' }, { status: 500 })
    const status = missing.includes(error.code) ? 404 : 400
    sendJson(response, { ok: false, error: error.code, ...error.details }, { status })
  }
}

/** Does what a response says. Throws `message_not_found` and what reading a message throws. */
export function respond(context: Context, target: ResponseTarget, args: Args): void {
  const { workspace } = context
  const conversation = workspace.conversations.get(target.conversation)
  if (conversation === undefined) throw new SlackError('channel_not_found')
  if (flag(args, 'delete_original')) {
    removeMessage(workspace, original(context, target))
    return
  }
  const content = readContent(args, context)
  if (flag(args, 'replace_original')) replace(context, original(context, target), content)
  else answer(context, { target, conversation }, { content, args })
}

function answer(
  context: Context,
  place: { target: ResponseTarget; conversation: StoredConversation },
  said: { content: Content; args: Args },
): void {
  const { workspace } = context
  const { target, conversation } = place
  const { text = '', blocks = [], attachments = [] } = said.content
  const threadTs = optionalText(said.args, 'thread_ts') ?? target.threadTs
  const draft = { text, blocks, attachments, threadTs }
  const from = { conversation, user: workspace.app.botUserId }
  if (optionalText(said.args, 'response_type') === 'in_channel') addMessage(workspace, from, draft)
  else addEphemeral(workspace, { ...from, onlyFor: target.user }, draft)
}

/** An ephemeral message stays ephemeral, whatever response_type says. */
function replace(context: Context, before: StoredMessage, content: Content): void {
  const { workspace } = context
  const blocks = content.blocks === undefined ? [] : withIds(workspace, content.blocks)
  const { attachments = before.attachments } = content
  replaceMessage(workspace, { ...before, text: content.text ?? '', blocks, attachments })
}

function original({ workspace }: Context, target: ResponseTarget): StoredMessage {
  const { messageTs, ephemeral, user, conversation } = target
  if (messageTs === null) throw new SlackError('message_not_found')
  const message = ephemeral
    ? findEphemeral(workspace, user, messageTs)
    : findMessage(workspace, conversation, messageTs)
  if (message === undefined) throw new SlackError('message_not_found')
  return message
}
