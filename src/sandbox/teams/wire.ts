/**
 * What the sandbox page and the local Teams say to each other, over HTTP under `/sandbox/teams/`. People are named by
 * their object ids, conversations and messages by the ids that Teams gives them.
 */

/** An Adaptive Card as it was really sent: the local Teams checks it, the page draws it, neither changes it. */
export type Card = Readonly<Record<string, unknown>>

export interface TeamsPerson {
  /** The object id in the directory of `tenant`. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly title: string
  readonly color: string
  readonly guest: boolean
  /** False once the account is disabled. */
  readonly enabled: boolean
  /** Another tenant than ours: somebody from outside in a shared channel. */
  readonly tenant: string
}

export interface TeamsConversation {
  readonly id: string
  readonly kind: 'channel' | 'chat'
  /** The name of the team that a channel is in; empty for a chat. */
  readonly team: string
  /** The channel's name, or the app's for the chat with it. */
  readonly name: string
  readonly topic: string
  readonly members: readonly string[]
}

export interface TeamsMessageSeen {
  readonly id: string
  /** The message whose thread it stands in; null for one that begins a thread. */
  readonly root: string | null
  /** An object id, or null for the app. */
  readonly from: string | null
  /** What somebody wrote, or what notifications show of a card. */
  readonly text: string
  readonly card: Card | null
  /** Only the viewer sees it, and for a day at most. */
  readonly onlyYou: boolean
  readonly edited: boolean
  readonly deleted: boolean
  readonly replies: number
  /** Asks for it anew whenever it is another one: how often the app has changed it. */
  readonly version: number
}

/** A window of the app ("dialog", once "task module") that one person has open. */
export interface TeamsDialog {
  readonly id: string
  readonly title: string
  /** Null for one that only says something. */
  readonly card: Card | null
  readonly text: string
}

/** Everything one person may see. The page fetches it again whenever the event stream says `changed`. */
export interface TeamsSnapshot {
  readonly tenant: { readonly id: string; readonly name: string }
  readonly app: { readonly id: string; readonly name: string }
  readonly viewer: string
  readonly people: readonly TeamsPerson[]
  /** With everybody who is in one by another. */
  readonly groups: readonly {
    readonly id: string
    readonly name: string
    readonly members: readonly string[]
  }[]
  readonly conversations: readonly TeamsConversation[]
  /** By conversation id, oldest first, threads included. */
  readonly messages: Readonly<Record<string, readonly TeamsMessageSeen[]>>
  readonly dialog: TeamsDialog | null
}

/** An action of a card, as the client has drawn it: Teams does not ask whether the card is still the same. */
export interface CardAction {
  readonly type: string
  readonly title?: string
  readonly verb?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** What inputs hold, by their ids: always text, as Teams sends it. */
export type CardInputs = Readonly<Record<string, string>>

/** What a person can do. `as` is the object id. */
export type TeamsAct =
  | {
      readonly act: 'write'
      readonly as: string
      readonly conversation: string
      /** `@Countersign` in it is a mention of the app. */
      readonly text: string
      readonly root?: string
    }
  | {
      readonly act: 'press'
      readonly as: string
      readonly conversation: string
      readonly message: string
      readonly action: CardAction
      readonly inputs?: CardInputs
    }
  /** The conversation comes into sight: cards that want it are asked for anew. */
  | { readonly act: 'look'; readonly as: string; readonly conversation: string }
  | {
      readonly act: 'submit'
      readonly as: string
      readonly dialog: string
      readonly action: CardAction
      readonly inputs?: CardInputs
    }
  | { readonly act: 'close'; readonly as: string; readonly dialog: string }

/** How Teams reports an act back to the person. */
export interface TeamsActResult {
  readonly ok: boolean
  /** What Teams shows when something went wrong, in its words or in the app's. */
  readonly error?: string
  /** What the app says about it to this person alone. */
  readonly said?: string
  /** What is wrong with what was filled in, by the id of the input: checked by the client, before anything is sent. */
  readonly errors?: Readonly<Record<string, string>>
  /** How long the app took to answer. */
  readonly ackMs?: number
}

/**
 * The routes, all under `/sandbox/teams/` and loopback only:
 *
 *   GET  snapshot?as=…                           TeamsSnapshot
 *   GET  events?as=…                             server-sent events: `changed`, `toast` (TeamsActResult)
 *   POST act                                     TeamsAct -> TeamsActResult
 *   POST login/TENANT/oauth2/v2.0/token          what login.microsoftonline.com answers
 *   GET  login/TENANT/discovery/v2.0/keys        keys that sign other tokens than the connector's
 *   GET  keys/v1/.well-known/keys                what login.botframework.com answers
 *   *    smba/GEO/v3/conversations…              what smba.trafficmanager.net answers, in each geography
 *   *    graph/v1.0/…                            what graph.microsoft.com answers
 */
export const teamsRoot = '/sandbox/teams/'
