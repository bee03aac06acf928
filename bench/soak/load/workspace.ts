import { readButtonValue } from '../../../src/channels/buttonValue.ts'
import type { MessageSeen } from '../evidence.ts'
import type { Company } from '../world/company.ts'

type Slack = Company['slack']
type Stored = NonNullable<ReturnType<Slack['workspace']['messages']['get']>>[number]

/** A button or menu as it stands in a message now. */
export interface Standing {
  readonly blockId: string
  readonly action: string
  readonly request: string
  readonly card: string
}

/** Everything of ours in a message that can be pressed. */
export function buttonsIn(message: Pick<Stored, 'blocks'>): readonly Standing[] {
  return message.blocks.flatMap((block) => {
    const elements: readonly unknown[] = Array.isArray(block.elements) ? block.elements : []
    return elements.flatMap((element) => {
      const action = textAt(element, 'action_id')
      // A menu's options begin with what they open.
      const value = textAt(element, 'value') || textAt(optionsOf(element)[0], 'value').replace(/^\w+\|/, '')
      const carried = readButtonValue(value)
      return carried
        ? [
            {
              blockId: textAt(block, 'block_id'),
              action,
              request: carried.request,
              card: carried.card ?? '',
            },
          ]
        : []
    })
  })
}

function optionsOf(element: unknown): readonly unknown[] {
  const options = typeof element === 'object' && element !== null ? Reflect.get(element, 'options') : null
  return Array.isArray(options) ? options : []
}

function textAt(holder: unknown, name: string): string {
  const value = typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : null
  return typeof value === 'string' ? value : ''
}

/** A message that stands there, or null. */
export function messageAt(slack: Slack, at: { conversation: string; ts: string }): Stored | null {
  const message = slack.workspace.messages.get(at.conversation)?.find(({ ts }) => ts === at.ts)
  return message && !message.deleted ? message : null
}

/** The newest message of a conversation on which a request can be answered. */
export function cardOf(slack: Slack, conversation: string, request: string): Stored | null {
  const messages = slack.workspace.messages.get(conversation) ?? []
  return (
    messages.findLast((one) => !one.deleted && buttonsIn(one).some((button) => button.request === request)) ??
    null
  )
}

/** All that the app has posted, as it stands now. */
export function everyMessage(slack: Slack): readonly MessageSeen[] {
  return [...slack.workspace.messages.values()].flat().map((message) => ({
    conversation: message.channel,
    ts: message.ts,
    thread: message.threadTs,
    text: message.text,
    deleted: message.deleted,
    buttons: buttonsIn(message).map(({ action, request, card }) => ({ action, request, card })),
  }))
}
