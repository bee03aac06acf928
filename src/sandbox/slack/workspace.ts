/**
 * The state of one small Slack workspace, in memory. It holds and announces; the rules of what may happen to it
 * are in the files that use it. Time comes from `now` (epoch milliseconds).
 */
import type { Block, Member, Shortcut, Usergroup } from '../wire.ts'

/** What a workspace starts with. */
export interface Seed {
  readonly team: {
    readonly id: string
    readonly name: string
    readonly domain: string
    /** The Enterprise organisation that the workspace belongs to. */
    readonly enterprise?: { readonly id: string; readonly name: string }
    /** The app is installed in the whole organisation, not in one workspace. */
    readonly organisationWide?: true
  }
  readonly app: {
    readonly id: string
    readonly name: string
    readonly botUserId: string
    readonly botId: string
    readonly commands: readonly SlashCommand[]
    /** In the menu of messages, and everywhere. */
    readonly shortcuts: readonly Shortcut[]
    /** Bot events the app subscribes to, as in its manifest. */
    readonly events: readonly string[]
  }
  readonly members: readonly Member[]
  readonly usergroups: readonly Usergroup[]
  readonly channels: readonly {
    id: string
    name: string
    topic: string
    members: readonly string[]
    shared?: boolean
  }[]
}

interface SlashCommand {
  readonly command: string
  readonly description: string
  readonly usageHint: string
}

export interface StoredConversation {
  readonly id: string
  readonly kind: 'channel' | 'im'
  readonly name: string
  readonly topic: string
  /** For a DM: the person on the other side of the app. */
  readonly members: readonly string[]
  readonly archived: boolean
  /** Shared with another company by Slack Connect. */
  readonly shared: boolean
  /** Newest message each member has seen. */
  readonly seen: Readonly<Record<string, string>>
}

export interface StoredMessage {
  readonly ts: string
  readonly channel: string
  readonly threadTs: string | null
  readonly user: string
  /** Set when the app posted it. */
  readonly botId: string | null
  readonly text: string
  readonly blocks: readonly Block[]
  readonly attachments: readonly unknown[]
  readonly metadata: unknown
  readonly edited: boolean
  readonly deleted: boolean
  /** Who sees it, when only one person does. */
  readonly onlyFor: string | null
}

export interface StoredView {
  readonly id: string
  readonly type: 'modal' | 'home'
  readonly owner: string
  readonly rootId: string
  readonly previousId: string | null
  readonly hash: string
  /** The view as the app sent it, with block and action ids filled in. */
  readonly sent: Readonly<Record<string, unknown>> & { readonly blocks: readonly Block[] }
}

export interface Workspace {
  readonly team: Seed['team']
  readonly app: Seed['app']
  readonly now: () => number
  readonly members: Map<string, Member>
  readonly usergroups: Map<string, Usergroup>
  readonly conversations: Map<string, StoredConversation>
  /** By conversation, oldest first; a deleted message stays as a tombstone. */
  readonly messages: Map<string, StoredMessage[]>
  /** Ephemeral messages by viewer. */
  readonly ephemerals: Map<string, StoredMessage[]>
  /** Open modals by member, bottom first. */
  readonly modals: Map<string, StoredView[]>
  readonly homes: Map<string, StoredView>
  /** A Slack timestamp later than every one before, whatever the clock does. */
  nextTs(): string
  /** A new id with Slack's kind of prefix: `V`, `Ev`. Not used before, by an earlier start of this workspace either. */
  nextId(prefix: string): string
  /** Tells everybody who watches that something is different now. */
  changed(): void
  /** Calls `listener` after each change; the answer stops that. */
  onChange(listener: () => void): () => void
}

/** A workspace as `seed` describes it, empty of messages. */
export function createWorkspace(seed: Seed, now: () => number): Workspace {
  const listeners = new Set<() => void>()
  const counters = counting(now)
  return {
    team: seed.team,
    app: seed.app,
    now,
    members: new Map(seed.members.map((member) => [member.id, member])),
    usergroups: new Map(seed.usergroups.map((group) => [group.id, group])),
    conversations: new Map(seed.channels.map((channel) => [channel.id, emptyChannel(channel)])),
    messages: new Map(),
    ephemerals: new Map(),
    modals: new Map(),
    homes: new Map(),
    ...counters,
    changed() {
      for (const listener of listeners) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function emptyChannel(channel: Seed['channels'][number]): StoredConversation {
  const { id, name, topic, members, shared = false } = channel
  return { id, kind: 'channel', name, topic, members, archived: false, shared, seen: {} }
}

function counting(now: () => number): Pick<Workspace, 'nextTs' | 'nextId'> {
  let lastMicros = 0
  // Ids begin with the clock, so that a workspace started later does not hand out those of an earlier one again:
  // an app may remember a view or an event it has dealt with.
  let ids = Math.max(0, Math.floor(now()))
  return {
    nextTs() {
      // Microseconds since the epoch stay below 2^53 until the year 2255.
      lastMicros = Math.max(now() * 1000, lastMicros + 1)
      const seconds = Math.floor(lastMicros / 1_000_000)
      return `${seconds}.${String(lastMicros % 1_000_000).padStart(6, '0')}`
    },
    nextId(prefix) {
      ids += 1
      return `${prefix}0${ids.toString(36).toUpperCase().padStart(8, '0')}`
    },
  }
}
