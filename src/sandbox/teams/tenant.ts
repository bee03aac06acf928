/**
 * The state of one small tenant with Teams, in memory. It holds and announces; the rules of what may happen to it are
 * in the files that use it. Time comes from `now` (epoch milliseconds).
 */
import type { Card, TeamsDialog, TeamsPerson } from './wire.ts'

/** What a tenant starts with. */
export interface TeamsSeed {
  readonly tenant: { readonly id: string; readonly name: string }
  readonly app: { readonly id: string; readonly name: string }
  readonly people: readonly TeamsPerson[]
  /** Members are people and groups. */
  readonly groups: readonly {
    readonly id: string
    readonly name: string
    readonly members: readonly string[]
  }[]
  readonly teams: readonly {
    /** Of the team's General channel, which names the team. */
    readonly id: string
    readonly groupId: string
    readonly name: string
    /** The app is in this team. */
    readonly installed: boolean
    readonly channels: readonly {
      readonly id: string
      readonly name: string
      readonly topic: string
      readonly members: readonly string[]
    }[]
  }[]
}

interface Team {
  readonly id: string
  readonly groupId: string
  readonly name: string
  readonly installed: boolean
}

export interface StoredConversation {
  readonly id: string
  readonly kind: 'channel' | 'chat'
  /** Null for a chat. */
  readonly team: string | null
  readonly name: string
  readonly topic: string
  readonly members: readonly string[]
}

export interface StoredMessage {
  readonly id: string
  readonly conversation: string
  readonly root: string | null
  /** An object id, or null for the app. */
  readonly from: string | null
  readonly text: string
  readonly card: Card | null
  /** Who sees it, when only one person does. */
  readonly onlyFor: string | null
  readonly version: number
  readonly deleted: boolean
}

/** What the app answered to one person instead of the card that everybody has, for the version it was asked for. */
interface OwnCard {
  readonly version: number
  readonly card: Card
}

export interface OpenDialog extends TeamsDialog {
  /** Where it was opened from. */
  readonly conversation: string
  readonly root: string | null
}

export interface Tenant {
  readonly id: string
  readonly name: string
  readonly app: TeamsSeed['app']
  readonly now: () => number
  readonly people: Map<string, TeamsPerson>
  readonly groups: Map<string, TeamsSeed['groups'][number]>
  readonly teams: Map<string, Team>
  readonly conversations: Map<string, StoredConversation>
  /** By conversation, oldest first, private ones among them. */
  readonly messages: Map<string, readonly StoredMessage[]>
  /** By message and person. */
  readonly ownCards: Map<string, OwnCard>
  readonly dialogs: Map<string, OpenDialog>
  /** People for whom the app is not installed: it cannot write to them. */
  readonly without: Set<string>
  /** Later than every one before, whatever the clock does: milliseconds, as Teams names its messages. */
  nextMessageId(): string
  /** Of an activity, a dialog; not used before. */
  nextId(prefix: string): string
  changed(): void
  onChange(listener: () => void): () => void
}

/** A tenant as `seed` describes it, empty of messages. */
export function createTenant(seed: TeamsSeed, now: () => number): Tenant {
  const listeners = new Set<() => void>()
  return {
    id: seed.tenant.id,
    name: seed.tenant.name,
    app: seed.app,
    now,
    people: new Map(seed.people.map((person) => [person.id, person])),
    groups: new Map(seed.groups.map((group) => [group.id, group])),
    teams: new Map(seed.teams.map(({ channels: _channels, ...team }) => [team.id, team])),
    conversations: new Map(channelsOf(seed).map((channel) => [channel.id, channel])),
    messages: new Map(),
    ownCards: new Map(),
    dialogs: new Map(),
    without: new Set(),
    ...counting(now),
    changed() {
      for (const listener of listeners) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function channelsOf(seed: TeamsSeed): readonly StoredConversation[] {
  return seed.teams.flatMap(({ id, channels }) =>
    channels.map((channel) => ({ ...channel, kind: 'channel' as const, team: id })),
  )
}

function counting(now: () => number): Pick<Tenant, 'nextMessageId' | 'nextId'> {
  let last = 0
  let ids = 0
  return {
    nextMessageId() {
      last = Math.max(now(), last + 1)
      return String(last)
    },
    // With the clock in it, so that a tenant started later does not hand out an earlier one's: an app may remember them.
    nextId(prefix) {
      ids += 1
      return `${prefix}:${Math.floor(now()).toString(36)}-${ids.toString(36)}`
    },
  }
}

/** The chat of one person with the app, opened if there is none. */
export function openChat(tenant: Tenant, person: string): StoredConversation {
  const id = `a:1${Buffer.from(person.replaceAll('-', ''), 'hex').toString('base64url')}`
  const known = tenant.conversations.get(id)
  if (known !== undefined) return known
  const chat = { id, kind: 'chat' as const, team: null, name: tenant.app.name, topic: '', members: [person] }
  tenant.conversations.set(id, chat)
  return chat
}

/** How the app's messages name this person: an id of its own for each bot. */
export function mriOf({ id }: Pick<TeamsPerson, 'id'>): string {
  return `29:1${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`
}

/** By object id, by the bot's own id of the person, or by the name to sign in with. */
export function findPerson(tenant: Tenant, named: string): TeamsPerson | undefined {
  const known = tenant.people.get(named.toLowerCase())
  if (known !== undefined) return known
  return [...tenant.people.values()].find((one) => mriOf(one) === named || upnOf(one) === named.toLowerCase())
}

/** What somebody signs in with; a guest's says where they come from. */
export function upnOf({ email, guest }: TeamsPerson): string {
  return guest ? `${email.replace('@', '_')}#ext#@acme.test` : email
}

/** The message, unless it was deleted. */
export function findMessage(tenant: Tenant, conversation: string, id: string): StoredMessage | undefined {
  return tenant.messages.get(conversation)?.find((message) => message.id === id && !message.deleted)
}

export function addMessage(
  tenant: Tenant,
  draft: Omit<StoredMessage, 'id' | 'version' | 'deleted'>,
): StoredMessage {
  const message = { ...draft, id: tenant.nextMessageId(), version: 1, deleted: false }
  tenant.messages.set(draft.conversation, [...(tenant.messages.get(draft.conversation) ?? []), message])
  tenant.changed()
  return message
}

/** Puts `next` where the message with its id is. What single people had been answered is of the one before. */
export function replaceMessage(tenant: Tenant, next: StoredMessage): void {
  const all = tenant.messages.get(next.conversation) ?? []
  tenant.messages.set(
    next.conversation,
    all.map((one) => (one.id === next.id ? next : one)),
  )
  tenant.changed()
}

/** The card as this person sees it: their own, unless the app has changed it for everybody since. */
export function cardFor(tenant: Tenant, message: StoredMessage, person: string): Card | null {
  const own = tenant.ownCards.get(ownKey(message.id, person))
  return own && own.version === message.version ? own.card : message.card
}

export function setOwnCard(
  tenant: Tenant,
  message: StoredMessage,
  own: { person: string; card: Card },
): void {
  tenant.ownCards.set(ownKey(message.id, own.person), { version: message.version, card: own.card })
  tenant.changed()
}

function ownKey(message: string, person: string): string {
  return `${message} ${person}`
}
