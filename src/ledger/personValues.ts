import type { Entry } from './entry.ts'

/** What a value beside an entry is found by. */
export interface ValueName {
  readonly entry: string
  readonly name: string
}

/** What an action was, or was shown as: no fact about whoever decided about it. */
const ofTheAction = ['params', 'seen', 'preview', 'action', 'deviations']

/**
 * Which values beside an entry say who one of these people is, or what they said: of what they did, and of what is about them, all
 * but the action itself; of everything else that names them, who its people are. What an entry says of an erasure stays.
 */
export function personValues(entry: Entry, people: ReadonlySet<string>): readonly ValueName[] {
  if (entry.type === 'record.erased') return []
  const { actor, subject, blobs } = entry
  const isOwn =
    (actor.kind === 'person' && people.has(actor.id)) || (subject.kind === 'person' && people.has(subject.id))
  const names = blobs.map(({ name }) => name)
  const theirs = isOwn
    ? names.filter((name) => !ofTheAction.includes(name))
    : namesOne(entry, people)
      ? names.filter((name) => name === 'identity')
      : []
  return theirs.map((name) => ({ entry: entry.id, name }))
}

function namesOne({ actor, data }: Entry, people: ReadonlySet<string>): boolean {
  const text = JSON.stringify({ actor, data })
  return [...people].some((id) => text.includes(JSON.stringify(id)))
}
