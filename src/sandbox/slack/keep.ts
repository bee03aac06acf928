/** What of the local Slack lasts from one start to the next. */
import type { Kept } from '../keepFile.ts'
import type { StoredConversation, StoredMessage, StoredView, Workspace } from './workspace.ts'

interface KeptSlack {
  readonly conversations: readonly StoredConversation[]
  readonly messages: readonly (readonly [string, readonly StoredMessage[]])[]
  readonly homes: readonly (readonly [string, StoredView])[]
}

/** Newest messages kept of each conversation. */
const messagesKept = 400

export function keptSlack(workspace: Workspace): Kept<KeptSlack> {
  return {
    onChange: workspace.onChange,
    taken: () => ({
      conversations: [...workspace.conversations.values()],
      messages: [...workspace.messages].map(([id, messages]) => [id, messages.slice(-messagesKept)]),
      homes: [...workspace.homes],
    }),
    restore(kept) {
      // Channels of the seed win: the company may have changed with a new version.
      for (const one of kept.conversations) {
        const now = workspace.conversations.get(one.id)
        workspace.conversations.set(one.id, now ? { ...now, seen: one.seen } : one)
      }
      for (const [id, messages] of kept.messages) workspace.messages.set(id, [...messages])
      for (const [member, view] of kept.homes) workspace.homes.set(member, view)
    },
  }
}
