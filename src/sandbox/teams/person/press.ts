/** Somebody presses a button of a card, or a card comes into sight. */
import { checkedCard } from '../cardCheck.ts'
import { isPart, refreshOf } from '../cardWalk.ts'
import type { Activity, Answer } from '../delivery.ts'
import { TeamsError } from '../teamsError.ts'
import { cardFor, findMessage, type StoredConversation, type StoredMessage, setOwnCard } from '../tenant.ts'
import type { CardAction, TeamsAct, TeamsActResult, TeamsPerson } from '../wire.ts'
import { invoke } from './activity.ts'
import { openDialog } from './dialog.ts'
import { actor, failed, Impossible, joined, type Stage } from './stage.ts'

export type Press = Extract<TeamsAct, { act: 'press' }>
export type Look = Extract<TeamsAct, { act: 'look' }>

interface Shown {
  readonly person: TeamsPerson
  readonly conversation: StoredConversation
  readonly message: StoredMessage
}

/** Sends the press to the app and does what it answers. */
export async function press(stage: Stage, act: Press): Promise<TeamsActResult> {
  const person = actor(stage.tenant, act.as)
  const conversation = joined(stage.tenant, person, act.conversation)
  const shown = { person, conversation, message: shownMessage(stage, person, act) }
  const activity = pressActivity(stage, act, shown)
  const answer = await stage.courier.send(activity)
  if (activity.name === 'task/fetch') return openDialog(stage, answer, whereOf(shown))
  return executed(stage, answer, { ...shown, quiet: false })
}

/** The press as it travels. Throws Impossible for what no client sends. */
export function pressActivity(stage: Stage, act: Press, shown: Shown): Activity {
  const { action, inputs = {} } = act
  if (action.type === 'Action.Execute')
    return executeActivity(stage, shown, { action, inputs, trigger: 'manual' })
  const msteams = action.data?.msteams
  if (action.type !== 'Action.Submit') throw new Impossible('This action is the client’s own.')
  if (!isPart(msteams) || msteams.type !== 'task/fetch') {
    throw new Impossible(
      'A submit of a card in a conversation becomes a message with a value: this app has none.',
    )
  }
  const value = { data: { ...action.data, ...inputs, type: 'task/fetch' }, context: { theme: 'default' } }
  return invoke(stage, whereOf(shown), { name: 'task/fetch', value, replyToId: shown.message.id })
}

/**
 * Asks for each card anew that wants it, where no more than 60 people are. The client does so once for each version; a
 * refresh that failed is not asked for again.
 */
export async function look(stage: Stage, act: Look): Promise<TeamsActResult> {
  const { tenant } = stage
  const person = actor(tenant, act.as)
  const conversation = joined(tenant, person, act.conversation)
  if (conversation.members.length > 60) return { ok: true }
  const asked = (tenant.messages.get(conversation.id) ?? []).flatMap((message) => {
    const action = message.card === null || message.deleted ? null : refreshOf(message.card)
    const key = `${message.id} ${message.version} ${person.id}`
    if (action === null || asksBefore.get(tenant)?.has(key)) return []
    asksBefore.set(tenant, (asksBefore.get(tenant) ?? new Set()).add(key))
    return [{ message, action }]
  })
  for (const { message, action } of asked) {
    const shown = { person, conversation, message }
    const activity = executeActivity(stage, shown, { action, inputs: {}, trigger: 'automatic' })
    executed(stage, await stage.courier.send(activity), { ...shown, quiet: true })
  }
  return { ok: true }
}

/** What each tenant's clients have asked for already. */
const asksBefore = new WeakMap<Stage['tenant'], Set<string>>()

function executeActivity(
  stage: Stage,
  shown: Shown,
  how: { action: CardAction; inputs: Readonly<Record<string, string>>; trigger: 'manual' | 'automatic' },
): Activity {
  const { action, inputs, trigger } = how
  const { type, title, verb } = action
  const value = {
    action: { type, ...(title !== undefined && { title }), verb, data: { ...action.data, ...inputs } },
    trigger,
  }
  return invoke(stage, whereOf(shown), { name: 'adaptiveCard/action', value, replyToId: shown.message.id })
}

/** What the answer to an Execute comes to: another card for this person, words for them, or an error. */
function executed(stage: Stage, answer: Answer, shown: Shown & { readonly quiet: boolean }): TeamsActResult {
  if (answer.kind !== 'answered' || answer.status !== 200) return failed(answer)
  const ackMs = answer.ms
  const body = isPart(answer.body) ? answer.body : {}
  const { statusCode, type, value } = body
  if (type === 'application/vnd.microsoft.card.adaptive' && statusCode === 200) {
    try {
      const card = checkedCard(stage.tenant, value)
      const now = findMessage(stage.tenant, shown.conversation.id, shown.message.id)
      // The app may have changed the card for everybody meanwhile, and the later one is shown.
      if (now) setOwnCard(stage.tenant, shown.message, { person: shown.person.id, card })
      return { ok: true, ackMs }
    } catch (error) {
      if (!(error instanceof TeamsError)) throw error
      return troubled(stage, `the card in an answer: ${error.message}`, ackMs)
    }
  }
  if (
    type === 'application/vnd.microsoft.activity.message' &&
    statusCode === 200 &&
    typeof value === 'string'
  ) {
    if (shown.quiet) stage.problem('a card that came into sight was answered with words')
    return { ok: true, said: value, ackMs }
  }
  if (type === 'application/vnd.microsoft.error' && isPart(value) && typeof value.message === 'string') {
    return { ok: false, error: value.message, ackMs }
  }
  return troubled(
    stage,
    `adaptiveCard/action was answered with something Teams does not know: ${String(type)}`,
    ackMs,
  )
}

function troubled(stage: Stage, text: string, ackMs: number): TeamsActResult {
  stage.problem(text)
  return { ok: false, error: 'Something went wrong. Please try again.', ackMs }
}

function shownMessage({ tenant }: Stage, person: TeamsPerson, act: Press): StoredMessage {
  const message = findMessage(tenant, act.conversation, act.message)
  const seen = message !== undefined && (message.onlyFor === null || message.onlyFor === person.id)
  if (!seen || cardFor(tenant, message, person.id) === null) throw new Impossible('This message was deleted.')
  return message
}

function whereOf({ person, conversation, message }: Shown) {
  return { person, conversation, root: conversation.kind === 'channel' ? (message.root ?? message.id) : null }
}
