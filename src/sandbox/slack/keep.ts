/** A sandbox that is started again shows the same channels: a real Slack does not forget either. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { StoredConversation, StoredMessage, StoredView, Workspace } from './workspace.ts'

interface Kept {
  readonly conversations: readonly StoredConversation[]
  readonly messages: readonly (readonly [string, readonly StoredMessage[]])[]
  readonly homes: readonly (readonly [string, StoredView])[]
}

/** Newest messages kept of each conversation. */
const messagesKept = 400

/** Milliseconds in which changes are gathered into one write. */
const gatherMs = 40

/**
 * Fills the workspace from the file and writes it there after each change, a moment later. Returns how to stop, which
 * writes once more. A file that cannot be read counts as none; one that cannot be written is the operator's to know.
 */
export function keepWorkspace(
  workspace: Workspace,
  file: string,
  report: (error: unknown) => void,
): () => void {
  restore(workspace, file)
  let timer: NodeJS.Timeout | null = null
  const write = () => {
    timer = null
    try {
      // Renaming is atomic: whoever is killed while writing leaves the file from before.
      writeFileSync(`${file}.new`, JSON.stringify(keptOf(workspace)), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    } catch (error) {
      report(error)
    }
  }
  const stop = workspace.onChange(() => {
    timer ??= setTimeout(write, gatherMs)
  })
  return () => {
    stop()
    if (timer) clearTimeout(timer)
    write()
  }
}

function keptOf(workspace: Workspace): Kept {
  return {
    conversations: [...workspace.conversations.values()],
    messages: [...workspace.messages].map(([id, messages]) => [id, messages.slice(-messagesKept)]),
    homes: [...workspace.homes],
  }
}

function restore(workspace: Workspace, file: string): void {
  let kept: Kept
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as Kept // our own file
  } catch {
    return
  }
  // Channels of the seed win: the company may have changed with a new version.
  for (const one of kept.conversations) {
    const now = workspace.conversations.get(one.id)
    workspace.conversations.set(one.id, now ? { ...now, seen: one.seen } : one)
  }
  for (const [id, messages] of kept.messages) workspace.messages.set(id, [...messages])
  for (const [member, view] of kept.homes) workspace.homes.set(member, view)
}
