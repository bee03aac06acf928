/** One member's hands and eyes, for tests and scripts: acts by the names of things, and sees what they see. */
import type { ActResult, Block, MemberAct, Message, Snapshot, View, ViewState } from '../wire.ts'
import { isFields } from './blocks/shape.ts'

type At = Extract<MemberAct, { act: 'press' }>['at']

export interface Persona {
  post(conversation: string, text: string, threadTs?: string): Promise<ActResult>
  /** `line` is the whole line as typed: `/approvals show x`. */
  command(conversation: string, line: string): Promise<ActResult>
  /** Chooses a shortcut: of a message, or a global one. */
  shortcut(callbackId: string, at?: { conversation: string; ts: string }): Promise<ActResult>
  /** Uses the element with this action id; `value` chooses among options, `state` is what inputs hold. */
  press(at: At, actionId: string, choice?: { value?: string; state?: ViewState }): Promise<ActResult>
  /** Submits the modal on top; `values` are given by action id, as Slack's value objects. */
  submit(values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<ActResult>
  /** Closes the modal on top. */
  close(): Promise<ActResult>
  home(): Promise<ActResult>
  sees(): Snapshot
  /** The messages this member sees in a conversation, oldest first. */
  messages(conversation: string): readonly Message[]
  /** The modal on top, if any. */
  modal(): View | undefined
}

/** `perform` does an act, `look` gives what the member sees now. */
export function createPersona(
  memberId: string,
  world: { perform: (act: MemberAct) => Promise<ActResult>; look: () => Snapshot },
): Persona {
  const { perform, look } = world
  const top = () => look().modals.at(-1)
  const blocksAt = (at: At) => ('view' in at ? viewBlocks(look(), at.view) : messageBlocks(look(), at))
  return {
    post(conversation, text, threadTs) {
      const thread = threadTs === undefined ? {} : { threadTs }
      return perform({ act: 'post', as: memberId, conversation, text, ...thread })
    },
    command: (conversation, text) => perform({ act: 'command', as: memberId, conversation, text }),
    shortcut: (callbackId, at) => perform({ act: 'shortcut', as: memberId, callbackId, ...(at && { at }) }),
    press(at, actionId, choice = {}) {
      const blockId = blockOf(blocksAt(at), actionId)
      if (blockId === undefined)
        return Promise.resolve({ ok: false, error: `There is no ${actionId} to press.` })
      return perform({ act: 'press', as: memberId, at, blockId, actionId, ...choice })
    },
    submit(values = {}) {
      const view = top()
      if (view === undefined) return Promise.resolve({ ok: false, error: 'There is no modal to submit.' })
      return perform({ act: 'submit', as: memberId, view: view.id, state: stateOf(view.blocks, values) })
    },
    close() {
      const view = top()
      if (view === undefined) return Promise.resolve({ ok: false, error: 'There is no modal to close.' })
      return perform({ act: 'close', as: memberId, view: view.id })
    },
    home: () => perform({ act: 'home', as: memberId }),
    sees: look,
    messages: (conversation) => look().messages[conversation] ?? [],
    modal: top,
  }
}

function viewBlocks(snapshot: Snapshot, id: string): readonly Block[] {
  const views = snapshot.home === null ? snapshot.modals : [...snapshot.modals, snapshot.home]
  return views.find((view) => view.id === id)?.blocks ?? []
}

function messageBlocks(snapshot: Snapshot, at: { conversation: string; ts: string }): readonly Block[] {
  return snapshot.messages[at.conversation]?.find((message) => message.ts === at.ts)?.blocks ?? []
}

function blockOf(blocks: readonly Block[], actionId: string): string | undefined {
  const id = blocks.find((block) => elementsOf(block).some((one) => one.action_id === actionId))?.block_id
  return typeof id === 'string' ? id : undefined
}

function stateOf(
  blocks: readonly Block[],
  values: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): ViewState {
  const entries = Object.entries(values).map(([actionId, value]) => [
    blockOf(blocks, actionId) ?? actionId,
    { [actionId]: value },
  ])
  return Object.fromEntries(entries)
}

function elementsOf(block: Block): Readonly<Record<string, unknown>>[] {
  const listed: readonly unknown[] = Array.isArray(block.elements) ? block.elements : []
  return [...listed, block.element, block.accessory].filter(isFields)
}
