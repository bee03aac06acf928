/** What the composer completes, and how typed text becomes the text that Slack sends. Pure. */
import type { Member, Snapshot } from '../wire.ts'

export interface Suggestion {
  readonly insert: string
  readonly title: string
  readonly about: string
}

export interface Completion {
  /** Where the typed beginning stands in the text; the suggestion replaces it. */
  readonly from: number
  readonly to: number
  readonly suggestions: readonly Suggestion[]
}

/** Slash commands at the very beginning, people after an `@`; null when there is nothing to offer. */
export function completionAt(text: string, caret: number, snapshot: Snapshot): Completion | null {
  const before = text.slice(0, caret)
  const slash = /^\/\S*$/.exec(before)
  if (slash) return offer(0, caret, commandSuggestions(slash[0], snapshot))
  const mention = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(before)
  if (mention)
    return offer(caret - (mention[1]?.length ?? 0) - 1, caret, memberSuggestions(mention[1] ?? '', snapshot))
  return null
}

export function complete(text: string, completion: Completion, suggestion: Suggestion): string {
  return `${text.slice(0, completion.from)}${suggestion.insert} ${text.slice(completion.to).replace(/^ /, '')}`
}

/** Turns `@Name` of somebody we know into `<@U…>`; the local Slack escapes everything else that was typed. */
export function encode(text: string, members: readonly Member[]): string {
  // Longest first, so that "@Bob Stone" is not read as "@Bob" and a word.
  const names = members
    .flatMap((member) => [member.realName, member.name].map((name) => ({ name, id: member.id })))
    .filter(({ name }) => name !== '')
    .sort((a, b) => b.name.length - a.name.length)
  return names.reduce((sent, { name, id }) => sent.replace(mentionOf(name), `$1<@${id}>`), text)
}

function mentionOf(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(^|[\\s(])@${literal}(?![\\p{L}\\p{N}_-])`, 'giu')
}

function offer(from: number, to: number, suggestions: readonly Suggestion[]): Completion | null {
  return suggestions.length === 0 ? null : { from, to, suggestions }
}

function commandSuggestions(typed: string, snapshot: Snapshot): readonly Suggestion[] {
  return snapshot.commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usageHint }) => ({
      insert: command,
      title: `${command} ${usageHint}`.trim(),
      about: description,
    }))
}

function memberSuggestions(typed: string, snapshot: Snapshot): readonly Suggestion[] {
  const wanted = typed.toLowerCase()
  const matches = snapshot.members.filter(
    (member) =>
      !member.deleted &&
      `${member.realName} ${member.name}`
        .toLowerCase()
        .split(/\s+/)
        .some((word) => word.startsWith(wanted)),
  )
  // The app first: mentioning it is what does something here.
  const sorted = [...matches].sort(
    (a, b) => Number(b.id === snapshot.app.botUserId) - Number(a.id === snapshot.app.botUserId),
  )
  return sorted.slice(0, 6).map((member) => ({
    insert: `@${member.realName}`,
    title: member.realName,
    about: member.bot ? 'app' : member.title,
  }))
}
