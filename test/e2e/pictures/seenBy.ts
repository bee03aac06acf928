import type { HomeView, KnownBlock, ModalView } from '@slack/types'
import { closeModals } from '../../../src/sandbox/slack/views.ts'
import { type Company, channelId } from '../../slack/company.ts'
import { eventually } from '../../support/eventually.ts'
import type { Pictured, Sent } from './studio.ts'

/** What members of a company were shown, by what each is called. */
export interface Shown {
  readonly messages: Pictured<Sent>
  readonly windows: Pictured<ModalView>
  readonly homes: Pictured<HomeView>
}

/** Where a message stands. */
export interface At {
  readonly conversation: string
  readonly ts: string
}

/** The members of a company type, press and look; what they are shown is kept as it was sent. */
export interface Watched {
  readonly shown: Shown
  /** `words` after `/approvals`. */
  types(member: string, words: string, name?: string): Promise<void>
  /** Presses an element, of a message or of their window. */
  presses(member: string, action: string, given: { readonly at?: At; readonly name: string }): Promise<void>
  /** Chooses “My approvals” from the shortcuts. */
  chooses(member: string, name: string): Promise<void>
  /** Sends their window with what is entered, by block: a text, or the values that are ticked. */
  submits(
    member: string,
    name: string,
    entered?: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<void>
  opensHome(member: string, name: string): Promise<void>
  /** What stands in a conversation as this member sees it, but for what only they see. */
  reads(member: string, conversation: string, name: string): void
}

export function watched(company: Company): Watched {
  const messages: Record<string, Sent> = {}
  const windows: Record<string, ModalView> = {}
  const homes: Record<string, HomeView> = {}
  const { workspace } = company.local
  const windowOf = (member: string) => workspace.modals.get(member)?.at(-1)
  const answersTo = (member: string) => workspace.ephemerals.get(member) ?? []

  const toldTo = (member: string) =>
    [...workspace.conversations.values()]
      .filter(({ kind, members }) => kind === 'im' && members.includes(member))
      .flatMap(({ id }) => workspace.messages.get(id) ?? [])

  /** Whatever comes of an act: an answer that only they see, a direct message, or another window than before. */
  const keep = async (name: string, member: string, act: () => Promise<unknown>) => {
    company.world.clock.advance(10) // nobody looks too often
    const [answers, told] = [answersTo(member).length, toldTo(member).length]
    const before = windowOf(member)?.hash
    await act()
    await company.local.idle()
    await eventually(() => {
      const view = windowOf(member)
      const isNew = view && view.hash !== before && !isWaiting(view.sent)
      if (isNew) windows[name] = asSent<ModalView>(view.sent)
      const answer = answersTo(member)[answers] ?? toldTo(member)[told]
      if (answer) messages[name] = sent(answer)
      if (!isNew && !answer) throw new Error(`${name}: nothing came of it yet`)
    })
  }

  return {
    shown: { messages, windows, homes },
    async types(member, words, name = `${member} types ${words || 'nothing'}`) {
      closeModals(workspace, member, 'all')
      const line = `/approvals ${words}`.trim()
      await keep(name, member, () => company.local.as(member).command(channelId, line))
    },
    async presses(member, action, { at, name }) {
      const where = at ?? { view: windowOf(member)?.id ?? '' }
      await keep(name, member, () => company.local.as(member).press(where, action))
    },
    async chooses(member, name) {
      closeModals(workspace, member, 'all')
      await keep(name, member, () => company.local.as(member).shortcut('my_approvals'))
    },
    async submits(member, name, entered = {}) {
      const view = windowOf(member)?.id ?? ''
      const fields = Object.entries(entered).map(([block, value]) => [
        block,
        { text: typeof value === 'string' ? { type: 'plain_text_input', value } : ticked(value) },
      ])
      const state = Object.fromEntries(fields)
      await keep(name, member, () => company.local.act({ act: 'submit', as: member, view, state }))
    },
    async opensHome(member, name) {
      company.world.clock.advance(10)
      workspace.homes.delete(member)
      await company.local.as(member).home()
      await eventually(() => {
        const home = workspace.homes.get(member)
        if (!home) throw new Error(`${name}: nothing is published yet`)
        homes[name] = asSent<HomeView>(home.sent)
      })
    },
    reads(member, conversation, name) {
      const all = company.local.as(member).messages(conversation)
      for (const [nth, one] of all.filter(({ ephemeral }) => !ephemeral).entries())
        messages[`${name} ${nth + 1}`] = sent(one)
    },
  }
}

function ticked(values: readonly string[]) {
  const options = values.map((value) => ({ value, text: { type: 'plain_text', text: value } }))
  return { type: 'checkboxes', selected_options: options }
}

function isWaiting({ blocks }: { readonly blocks: readonly unknown[] }): boolean {
  return JSON.stringify(blocks).includes('Looking it up…')
}

/** The local Slack has checked it, and added nothing but ids. */
function asSent<View>(view: unknown): View {
  return view as View
}

function sent({ text, blocks }: { readonly text: string; readonly blocks: readonly unknown[] }): Sent {
  return { text, blocks: blocks as readonly KnownBlock[] } // the local Slack has checked them
}
