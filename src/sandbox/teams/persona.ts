/** One person's hands and eyes, for tests and scripts: acts by the names of things, and sees what they see. */
import { actionsIn } from './cardWalk.ts'
import type {
  Card,
  CardAction,
  CardInputs,
  TeamsAct,
  TeamsActResult,
  TeamsDialog,
  TeamsMessageSeen,
  TeamsSnapshot,
} from './wire.ts'

interface At {
  readonly conversation: string
  readonly message: string
}

export interface TeamsPersona {
  /** `@Countersign` in the text is a mention of the app. */
  write(conversation: string, text: string, root?: string): Promise<TeamsActResult>
  /** Presses the action with this title, verb or `open`. */
  press(at: At, action: string, inputs?: CardInputs): Promise<TeamsActResult>
  /** The conversation comes into sight. */
  look(conversation: string): Promise<TeamsActResult>
  /** Sends the open dialog by its one action, or by the one with this title. */
  submit(inputs?: CardInputs, title?: string): Promise<TeamsActResult>
  close(): Promise<TeamsActResult>
  sees(): TeamsSnapshot
  /** The messages this person sees in a conversation, oldest first. */
  messages(conversation: string): readonly TeamsMessageSeen[]
  /** The chat of this person with the app, once there is one. */
  chat(): readonly TeamsMessageSeen[]
  dialog(): TeamsDialog | null
}

/** `perform` does an act, `look` gives what the person sees now. */
export function createTeamsPersona(
  id: string,
  world: { perform: (act: TeamsAct) => Promise<TeamsActResult>; look: () => TeamsSnapshot },
): TeamsPersona {
  const { perform, look } = world
  const gone = (what: string) => Promise.resolve({ ok: false, error: `There is no ${what} here.` })
  const messages = (conversation: string) => look().messages[conversation] ?? []
  return {
    write: (conversation, text, root) =>
      perform({ act: 'write', as: id, conversation, text, ...(root !== undefined && { root }) }),
    press({ conversation, message }, named, inputs) {
      const card = messages(conversation).find((one) => one.id === message)?.card
      const action = actionNamed(card ?? {}, named)
      if (action === undefined) return gone(named)
      return perform({ act: 'press', as: id, conversation, message, action, ...(inputs && { inputs }) })
    },
    look: (conversation) => perform({ act: 'look', as: id, conversation }),
    submit(inputs, title) {
      const { dialog } = look()
      const actions = actionsIn(dialog?.card ?? {})
      const action = title === undefined ? actions[0] : actions.find((one) => one.title === title)
      if (dialog === null || action === undefined) return gone('dialog to send')
      return perform({ act: 'submit', as: id, dialog: dialog.id, action, ...(inputs && { inputs }) })
    },
    close() {
      const { dialog } = look()
      return dialog === null ? gone('dialog') : perform({ act: 'close', as: id, dialog: dialog.id })
    },
    sees: look,
    messages,
    chat() {
      const chat = look().conversations.find(({ kind }) => kind === 'chat')
      return chat === undefined ? [] : messages(chat.id)
    },
    dialog: () => look().dialog,
  }
}

/** By its title, its verb, or what it opens. */
export function actionNamed(card: Card, named: string): CardAction | undefined {
  return actionsIn(card).find(({ title, verb, data }) => [title, verb, data?.open].includes(named))
}
