/**
 * What the sandbox page and the local Slack say to each other, over HTTP under `/sandbox/`.
 * Names are Slack's where Slack has one. Times are Slack timestamps ("1764000000.000100") or epoch milliseconds.
 */

/** A Block Kit block as it was really sent: the local Slack validates it, the page draws it, neither changes it. */
export type Block = { readonly type: string; readonly [property: string]: unknown }

export interface Member {
  readonly id: string
  readonly name: string
  readonly realName: string
  readonly email: string | null
  /** True for an address that was written into the profile and never confirmed. */
  readonly emailUnconfirmed?: boolean
  readonly title: string
  readonly color: string
  readonly bot: boolean
  readonly deleted: boolean
  /** 'none' is full staff. */
  readonly guest: 'none' | 'multi' | 'single'
  /** The team the member belongs to; another team's member is a Slack Connect stranger, or of a sister workspace. */
  readonly teamId: string
  /** In an Enterprise organisation: the organisation, and the member's id in it, which names them as well. */
  readonly enterprise?: { readonly id: string; readonly userId: string }
}

export interface Usergroup {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly users: readonly string[]
  readonly disabled: boolean
}

export interface Conversation {
  readonly id: string
  readonly kind: 'channel' | 'im'
  /** Channel name without '#', or the name of the other side of a DM. */
  readonly name: string
  readonly topic: string
  readonly members: readonly string[]
  readonly unread: number
}

export interface Message {
  readonly ts: string
  readonly threadTs: string | null
  readonly user: string
  readonly text: string
  readonly blocks: readonly Block[]
  /** True when only the viewer sees it, and only until the page is loaded again. */
  readonly ephemeral: boolean
  readonly edited: boolean
  readonly deleted: boolean
  readonly replies: number
}

export interface View {
  readonly id: string
  readonly type: 'modal' | 'home'
  readonly callbackId: string
  readonly title: string
  readonly submit: string | null
  readonly close: string | null
  readonly blocks: readonly Block[]
  readonly privateMetadata: string
  readonly hash: string
}

/** Everything one member may see. The page fetches it again whenever the event stream says `changed`. */
export interface Snapshot {
  readonly team: { readonly id: string; readonly name: string }
  readonly app: { readonly id: string; readonly name: string; readonly botUserId: string }
  readonly viewer: string
  readonly members: readonly Member[]
  readonly usergroups: readonly Usergroup[]
  readonly conversations: readonly Conversation[]
  /** By conversation id, oldest first, threads included (their messages carry `threadTs`). */
  readonly messages: Readonly<Record<string, readonly Message[]>>
  /** The viewer's open modals, bottom first; the last one is on top. */
  readonly modals: readonly View[]
  readonly home: View | null
  /** The app's slash commands, for completion. */
  readonly commands: readonly {
    readonly command: string
    readonly description: string
    readonly usageHint: string
  }[]
  readonly shortcuts: readonly Shortcut[]
}

/** What the app offers in the menu of messages, or everywhere. */
export interface Shortcut {
  readonly callbackId: string
  readonly type: 'message' | 'global'
  readonly name: string
}

/** What a member can do. `as` is the member's id. */
export type MemberAct =
  | {
      readonly act: 'post'
      readonly as: string
      readonly conversation: string
      readonly text: string
      readonly threadTs?: string
    }
  | {
      readonly act: 'shortcut'
      readonly as: string
      readonly callbackId: string
      /** The message that it was chosen for; absent for a global one. */
      readonly at?: { readonly conversation: string; readonly ts: string }
    }
  | { readonly act: 'command'; readonly as: string; readonly conversation: string; readonly text: string }
  | {
      readonly act: 'press'
      readonly as: string
      /** Where the element is: a message in a conversation, or a view. */
      readonly at: { readonly conversation: string; readonly ts: string } | { readonly view: string }
      readonly blockId: string
      readonly actionId: string
      /** For overflow menus and selects: the chosen option's value. */
      readonly value?: string
      /** Values of all inputs in the view, as `view_submission` has them, for a press inside a view. */
      readonly state?: ViewState
    }
  | { readonly act: 'submit'; readonly as: string; readonly view: string; readonly state: ViewState }
  | { readonly act: 'close'; readonly as: string; readonly view: string }
  | { readonly act: 'home'; readonly as: string }

/** `view.state.values`: block id, then action id, then Slack's own value object. */
export type ViewState = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>

/**
 * How Slack reports an act back to the member. `error` is what Slack would show, such as
 * "Countersign did not respond in time"; `errors` are a modal's field errors by block id.
 */
export interface ActResult {
  readonly ok: boolean
  readonly error?: string
  readonly errors?: Readonly<Record<string, string>>
  /** How long the app took to acknowledge. */
  readonly ackMs?: number
}

/** An agent that is ready to try in the side panel. */
export interface SandboxAgent {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly key: string
}

/** How somebody logs in to the sandbox's warehouse. */
export interface WarehouseLogin {
  readonly user: string
  readonly password: string
}

/** What a login to the sandbox's warehouse was worth. */
export interface WarehouseLook {
  /** False where there is no such role, or its password is another. */
  readonly entered: boolean
  /** Of the table `users`: the columns that could be read, with their first rows. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** What could not be read, in words. */
  readonly refused: readonly string[]
}

/** One of the realistic requests that the side panel offers. */
export interface Example {
  readonly title: string
  readonly agent: string
  /** What is expected to happen, in one sentence. */
  readonly about: string
  readonly body: unknown
}

/**
 * The routes, all under `/sandbox/` and loopback only:
 *
 *   GET  /sandbox/                 the page
 *   GET  /sandbox/snapshot?as=U…   Snapshot
 *   GET  /sandbox/events?as=U…     server-sent events: `changed` (no data worth reading), `toast` (ActResult)
 *   POST /sandbox/act              MemberAct -> ActResult
 *   GET  /sandbox/agents           { agents: SandboxAgent[], examples: Example[], members: { id, name }[], teams: { id, name }[] }
 *   POST /sandbox/warehouse        WarehouseLogin -> WarehouseLook
 *   POST /sandbox/slack/api/METHOD the Web API
 *   GET  /sandbox/slack/socket     Socket Mode's websocket
 *   POST /sandbox/slack/response/… a response_url
 *        /sandbox/teams/…          the local Teams: teams/wire.ts
 */
export const sandboxRoot = '/sandbox/'
