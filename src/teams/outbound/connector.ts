import type { AdaptiveCard } from '../card/elements.ts'

/** What is posted: a card, and the text that notifications use instead. */
export interface TeamsMessage {
  readonly summary: string
  readonly card: AdaptiveCard
}

/** The calls that Teams takes from us. Each is tried once; each throws a `ConnectorFault` when Teams refuses or fails. */
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
